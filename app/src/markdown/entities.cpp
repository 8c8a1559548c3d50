#include "entities.h"

#include <QHash>

namespace altiplano::app {

namespace {

const QHash<QString, QString>& names() {
    static const QHash<QString, QString> table = [] {
        QHash<QString, QString> all;
        const char* const pairs[][2] = {
            {"amp", "&"},       {"lt", "<"},      {"gt", ">"},     {"quot", "\""},  {"apos", "'"},
            {"nbsp", "\u00a0"}, {"copy", "©"},    {"reg", "®"},    {"trade", "™"},  {"hellip", "…"},
            {"mdash", "—"},     {"ndash", "–"},   {"lsquo", "‘"},  {"rsquo", "’"},  {"ldquo", "“"},
            {"rdquo", "”"},     {"laquo", "«"},   {"raquo", "»"},  {"bull", "•"},   {"middot", "·"},
            {"times", "×"},     {"divide", "÷"},  {"plusmn", "±"}, {"minus", "−"},  {"ne", "≠"},
            {"le", "≤"},        {"ge", "≥"},      {"asymp", "≈"},  {"equiv", "≡"},  {"infin", "∞"},
            {"sum", "∑"},       {"prod", "∏"},    {"radic", "√"},  {"int", "∫"},    {"part", "∂"},
            {"deg", "°"},       {"micro", "µ"},   {"sup2", "²"},   {"sup3", "³"},   {"frac12", "½"},
            {"frac14", "¼"},    {"frac34", "¾"},  {"larr", "←"},   {"rarr", "→"},   {"uarr", "↑"},
            {"darr", "↓"},      {"harr", "↔"},    {"rArr", "⇒"},   {"lArr", "⇐"},   {"hArr", "⇔"},
            {"euro", "€"},      {"pound", "£"},   {"yen", "¥"},    {"cent", "¢"},   {"sect", "§"},
            {"para", "¶"},      {"check", "✓"},   {"alpha", "α"},  {"beta", "β"},   {"gamma", "γ"},
            {"delta", "δ"},     {"epsilon", "ε"}, {"lambda", "λ"}, {"mu", "μ"},     {"pi", "π"},
            {"sigma", "σ"},     {"theta", "θ"},   {"omega", "ω"},  {"Omega", "Ω"},  {"Delta", "Δ"},
            {"auml", "ä"},      {"ouml", "ö"},    {"uuml", "ü"},   {"Auml", "Ä"},   {"Ouml", "Ö"},
            {"Uuml", "Ü"},      {"szlig", "ß"},   {"eacute", "é"}, {"egrave", "è"}, {"agrave", "à"},
            {"ccedil", "ç"},    {"ntilde", "ñ"},  {"lbrace", "{"}, {"rbrace", "}"}, {"lbrack", "["},
            {"rbrack", "]"},    {"lpar", "("},    {"rpar", ")"},   {"ast", "*"},    {"lowbar", "_"},
            {"grave", "`"},     {"vert", "|"},    {"bsol", "\\"},  {"num", "#"},    {"dollar", "$"},
        };
        for (const auto& pair : pairs)
            all.insert(QString::fromLatin1(pair[0]), QString::fromUtf8(pair[1]));
        return all;
    }();
    return table;
}

} // namespace

QString decodedEntity(const QString& entity) {
    const QString name = entity.mid(1, entity.size() - 2);
    if (!name.startsWith(u'#')) return names().value(name, entity);
    const bool hex = name.startsWith(QLatin1String("#x"), Qt::CaseInsensitive);
    bool read = false;
    const uint code = hex ? name.mid(2).toUInt(&read, 16) : name.mid(1).toUInt(&read, 10);
    if (!read || code == 0 || code > 0x10ffff || QChar::isSurrogate(code))
        return QString(QChar::ReplacementCharacter);
    const char32_t character = code;
    return QString::fromUcs4(&character, 1);
}

} // namespace altiplano::app
