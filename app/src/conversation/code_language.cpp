#include "code_language.h"

#include <QHash>

namespace altiplano::app {

namespace {

using Quoted = CodeLanguage::Quoted;

QSet<QString> words(const char* list) {
    const QStringList all = QString::fromLatin1(list).split(u' ', Qt::SkipEmptyParts);
    return {all.begin(), all.end()};
}

QStringList list(const char* names) {
    return QString::fromLatin1(names).split(u' ', Qt::SkipEmptyParts);
}

const Quoted kDouble{QStringLiteral("\""), QStringLiteral("\"")};
const Quoted kSingle{QStringLiteral("'"), QStringLiteral("'")};
const Quoted kBlock{QStringLiteral("/*"), QStringLiteral("*/"), true, true, false};

/// Languages with C's comments and strings.
CodeLanguage likeC(const char* names, const char* keywords, const char* values,
                   std::vector<Quoted> more = {}) {
    CodeLanguage language{
        list(names), words(keywords), words(values), {QStringLiteral("//")}, std::move(more), {}};
    language.quoted.insert(language.quoted.end(), {kBlock, kDouble, kSingle});
    return language;
}

std::vector<CodeLanguage> makeLanguages() {
    const Quoted template_{QStringLiteral("`"), QStringLiteral("`"), false, true};
    std::vector<CodeLanguage> all;
    all.push_back(likeC(
        "cpp c++ cc cxx hpp h c cuda cu objc",
        "alignas alignof asm auto break case catch class concept const consteval constexpr constinit "
        "continue co_await co_return co_yield decltype default delete do else enum explicit export extern "
        "final for friend goto if inline mutable namespace new noexcept operator override private protected "
        "public register requires restrict return sizeof static static_assert static_cast struct switch "
        "template this thread_local throw try typedef typeid typename union using virtual volatile while "
        "#include #define #ifdef #ifndef #if #else #elif #endif #pragma #undef #error dynamic_cast "
        "reinterpret_cast const_cast",
        "bool char char8_t char16_t char32_t double float int long short signed unsigned void wchar_t "
        "size_t ptrdiff_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t true false "
        "nullptr NULL std string vector"));
    all.back().sigils = QStringLiteral("#");
    all.push_back(likeC(
        "java",
        "abstract assert break case catch class continue default do else enum extends final finally for "
        "goto if implements import instanceof interface native new package private protected public "
        "record return sealed static strictfp super switch synchronized this throw throws transient "
        "try var volatile while yield",
        "boolean byte char double float int long short void true false null String Object Integer List Map",
        {{QStringLiteral("\"\"\""), QStringLiteral("\"\"\""), false, true}}));
    all.back().sigils = QStringLiteral("@");
    all.push_back(likeC("csharp c# cs",
                        "abstract as async await base break case catch checked class const continue default "
                        "delegate do else enum event explicit extern finally fixed for foreach get goto if "
                        "implicit in init interface internal is lock namespace new operator out override "
                        "params private protected public readonly record ref return sealed set sizeof "
                        "stackalloc static struct switch this throw try typeof unchecked unsafe using var "
                        "virtual volatile when where while yield",
                        "bool byte char decimal double dynamic float int long object sbyte short string uint "
                        "ulong ushort void "
                        "true false null Task List"));
    all.push_back(likeC(
        "javascript js jsx mjs typescript ts tsx",
        "abstract as async await break case catch class const constructor continue debugger declare default "
        "delete do else enum export extends finally for from function get if implements import in infer "
        "instanceof interface keyof let namespace new of private protected public readonly return satisfies "
        "set static super switch this throw try type typeof var while with yield",
        "any bigint boolean never number object string symbol undefined unknown void true false null NaN "
        "Infinity console Promise Array Map Set",
        {template_}));
    all.push_back(
        likeC("go golang",
              "break case chan const continue default defer else fallthrough for func go goto if import "
              "interface map package range return select struct switch type var",
              "any bool byte complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune "
              "string uint "
              "uint8 uint16 uint32 uint64 uintptr true false nil iota append cap len make new panic",
              {{QStringLiteral("`"), QStringLiteral("`"), false, true, false}}));
    CodeLanguage rust = likeC(
        "rust rs",
        "as async await break const continue crate dyn else enum extern fn for if impl in let "
        "loop match mod move mut pub ref return self static struct super trait type unsafe use "
        "where while",
        "bool char f32 f64 i8 i16 i32 i64 i128 isize str u8 u16 u32 u64 u128 usize Self String Vec Option "
        "Result Box Some None Ok Err true false");
    rust.quoted = {kBlock, {QStringLiteral("\""), QStringLiteral("\""), false, true}}; // 'a is a lifetime
    all.push_back(rust);
    all.push_back(
        {list("python py python3"),
         words("and as assert async await break case class continue def del elif else except finally for "
               "from global "
               "if import in is lambda match nonlocal not or pass raise return try while with yield"),
         words("True False None self cls int float str bool list dict set tuple bytes object print len range "
               "open "
               "super type isinstance enumerate zip"),
         {QStringLiteral("#")},
         {{QStringLiteral("\"\"\""), QStringLiteral("\"\"\""), false, true},
          {QStringLiteral("'''"), QStringLiteral("'''"), false, true},
          kDouble,
          kSingle},
         QStringLiteral("@")});
    all.push_back(
        {list("bash sh shell zsh console"),
         words("if then else elif fi for while until do done case esac in function select return exit break "
               "continue "
               "local export readonly declare unset shift trap source alias eval exec set"),
         words("echo cd ls cat grep sed awk find sort head tail cut tr wc xargs cp mv rm mkdir chmod chown "
               "sudo apt pip "
               "git make cmake curl wget tar python python3 npm docker true false test printf read"),
         {QStringLiteral("#")},
         {{QStringLiteral("\""), QStringLiteral("\""), false, true},
          {QStringLiteral("'"), QStringLiteral("'"), false, true, false}},
         QStringLiteral("$")});
    CodeLanguage sql{
        list("sql mysql postgresql postgres sqlite plsql"),
        words(
            "add all alter and as asc begin between by case cascade check column commit constraint create "
            "cross "
            "current database default delete desc distinct drop else end exists foreign from full group "
            "having "
            "if in index inner insert into is join key left like limit not null offset on or order outer "
            "over "
            "partition primary references returning right rollback select set table then transaction trigger "
            "union unique update using values view when where with"),
        words("bigint blob bool boolean char date decimal double float int integer json numeric real serial "
              "smallint text time timestamp uuid varchar true false count sum avg min max coalesce"),
        {QStringLiteral("--")},
        {kBlock, kSingle, kDouble},
        {}};
    sql.ignoresCase = true;
    all.push_back(sql);
    CodeLanguage json{list("json jsonc json5"), {}, words("true false null"), {QStringLiteral("//")},
                      {kBlock, kDouble},        {}};
    json.keys = true;
    all.push_back(json);
    CodeLanguage css{
        list("css scss less"),
        words("@media @import @font-face @keyframes @supports @layer !important"),
        words("auto none inherit initial unset flex grid block inline absolute relative fixed sticky solid"),
        {},
        {kBlock, kDouble, kSingle},
        QStringLiteral("@!#.")};
    css.keys = true;
    all.push_back(css);
    CodeLanguage yaml{list("yaml yml toml ini dockerfile makefile make cmake"),
                      words("FROM RUN COPY CMD ENTRYPOINT ENV ARG WORKDIR EXPOSE"),
                      words("true false null yes no on off"),
                      {QStringLiteral("#")},
                      {kDouble, kSingle},
                      QStringLiteral("$")};
    yaml.keys = true;
    all.push_back(yaml);
    CodeLanguage html{list("html xml svg xhtml vue qml-xml"),
                      {},
                      {},
                      {},
                      {{QStringLiteral("<!--"), QStringLiteral("-->"), true, true, false}, kDouble, kSingle},
                      {}};
    html.markup = true;
    all.push_back(html);
    return all;
}

} // namespace

const CodeLanguage* codeLanguage(const QString& name) {
    static const std::vector<CodeLanguage> languages = makeLanguages();
    static const QHash<QString, const CodeLanguage*> byName = [] {
        QHash<QString, const CodeLanguage*> all;
        for (const CodeLanguage& language : languages)
            for (const QString& each : language.names)
                all.insert(each, &language);
        return all;
    }();
    return byName.value(name.toLower());
}

} // namespace altiplano::app
