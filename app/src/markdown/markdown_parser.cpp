#include "markdown_parser.h"

#include "entities.h"
#include "latex.h"

#include <QUrl>

#include <md4c.h>

namespace altiplano::app {

namespace {

constexpr unsigned kDialect =
    MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS | MD_FLAG_PERMISSIVEAUTOLINKS | MD_FLAG_NOHTML;
constexpr qsizetype kDeepest = 12; ///< containers that are told apart; what is deeper looks like this deep

/// Collects md4c's events into blocks.
class Folder {
public:
    explicit Folder(const MarkdownContext& context) : m_context(context) {}

    ParsedMarkdown take() { return std::move(m_result); }

    void enter(MD_BLOCKTYPE type, void* detail);
    void leave(MD_BLOCKTYPE type);
    void enter(MD_SPANTYPE type, void* detail);
    void leave(MD_SPANTYPE type);
    void text(MD_TEXTTYPE type, const QString& text);

private:
    struct List {
        bool ordered = false;
        int number = 0;
        QChar delimiter;
    };
    struct Open { ///< a span that has not ended
        MD_SPANTYPE type = MD_SPAN_EM;
        quint8 style = 0;
        QString link;
        qsizetype start = 0; ///< in the text of the block or cell
    };

    void enterItem(const MD_BLOCK_LI_DETAIL& item);
    void begin(BlockKind::Value kind);
    void end();
    void add(const QString& text);
    void addCode(QString code);
    StyledText& words() { return m_cell ? *m_cell : m_block.words; }

    const MarkdownContext& m_context;
    ParsedMarkdown m_result;
    Block m_block;
    bool m_open = false;
    StyledText* m_cell = nullptr;
    QString m_nesting;
    QString m_marker; ///< of the item that has begun, until its first block has it
    bool m_markerDue = false;
    std::vector<List> m_lists;
    std::vector<Open> m_spans;
    QString m_code; ///< of the code span that is open
    bool m_inCode = false;
    bool m_allMath = false; ///< the block begins with a formula on a line of its own
    qsizetype m_mathEnd = 0;
};

QString string(const MD_ATTRIBUTE& attribute) {
    QString all;
    for (int i = 0; attribute.text && attribute.substr_offsets[i] < attribute.size; ++i) {
        const MD_OFFSET from = attribute.substr_offsets[i], to = attribute.substr_offsets[i + 1];
        const QString part = QString::fromUtf8(attribute.text + from, static_cast<qsizetype>(to - from));
        all += attribute.substr_types[i] == MD_TEXT_ENTITY ? decodedEntity(part) : part;
    }
    return all;
}

QString bullet(std::size_t depth) {
    return depth == 1 ? QStringLiteral("•") : depth == 2 ? QStringLiteral("◦") : QStringLiteral("▪");
}

Qt::Alignment alignment(MD_ALIGN align) {
    return align == MD_ALIGN_RIGHT    ? Qt::AlignRight
           : align == MD_ALIGN_CENTER ? Qt::AlignHCenter
                                      : Qt::AlignLeft;
}

void Folder::begin(BlockKind::Value kind) {
    end();
    m_block = Block{kind, 0, {}, m_nesting.left(kDeepest), std::exchange(m_marker, {}), {}, {}};
    m_markerDue = false;
    m_open = true;
}

void Folder::end() {
    if (!m_open) return;
    m_open = false;
    if (m_block.kind == BlockKind::Code && m_block.words.text.endsWith(u'\n')) m_block.words.text.chop(1);
    if (m_block.kind == BlockKind::Paragraph && m_allMath && m_block.words.text.size() == m_mathEnd)
        m_block.kind = BlockKind::Math;
    m_allMath = m_inCode = false;
    m_spans.clear();
    m_result.nextNumber = 0;
    m_result.blocks.push_back(std::move(m_block));
}

void Folder::enterItem(const MD_BLOCK_LI_DETAIL& item) {
    List& list = m_lists.back();
    m_markerDue = true;
    if (item.is_task)
        m_marker = item.task_mark == ' ' ? QStringLiteral("☐") : QStringLiteral("☑");
    else
        m_marker = list.ordered ? QString::number(list.number) + list.delimiter : bullet(m_lists.size());
    ++list.number;
}

void Folder::enter(MD_BLOCKTYPE type, void* detail) {
    switch (type) {
    case MD_BLOCK_QUOTE:
        end();
        m_nesting += u'q';
        break;
    case MD_BLOCK_UL:
        end();
        m_nesting += u'l';
        m_lists.push_back({});
        break;
    case MD_BLOCK_OL: {
        end();
        m_nesting += u'l';
        const auto& list = *static_cast<MD_BLOCK_OL_DETAIL*>(detail);
        const QChar delimiter = QLatin1Char(list.mark_delimiter);
        const bool continued = m_context.continuedNumber > 0 && delimiter == m_context.delimiter &&
                               m_result.blocks.empty() && m_nesting.size() == 1;
        m_lists.push_back(
            {true, continued ? m_context.continuedNumber : static_cast<int>(list.start), delimiter});
        break;
    }
    case MD_BLOCK_LI:
        end();
        enterItem(*static_cast<MD_BLOCK_LI_DETAIL*>(detail));
        break;
    case MD_BLOCK_HR:
        begin(BlockKind::Rule);
        end();
        break;
    case MD_BLOCK_H:
        begin(BlockKind::Heading);
        m_block.level = static_cast<int>(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level);
        break;
    case MD_BLOCK_CODE:
        begin(BlockKind::Code);
        m_block.language = string(static_cast<MD_BLOCK_CODE_DETAIL*>(detail)->lang);
        break;
    case MD_BLOCK_P:
        begin(BlockKind::Paragraph);
        break;
    case MD_BLOCK_TABLE:
        begin(BlockKind::Table);
        break;
    case MD_BLOCK_TR:
        m_block.table.rows.emplace_back();
        break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        if (type == MD_BLOCK_TH)
            m_block.table.columns.push_back(alignment(static_cast<MD_BLOCK_TD_DETAIL*>(detail)->align));
        m_cell = &m_block.table.rows.back().emplace_back();
        break;
    default:
        break;
    }
}

void Folder::leave(MD_BLOCKTYPE type) {
    switch (type) {
    case MD_BLOCK_QUOTE:
        end();
        m_nesting.chop(1);
        break;
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
        end();
        m_nesting.chop(1);
        if (m_nesting.isEmpty() && m_lists.back().ordered) {
            m_result.nextNumber = m_lists.back().number;
            m_result.delimiter = m_lists.back().delimiter;
        }
        m_lists.pop_back();
        break;
    case MD_BLOCK_LI:
        if (m_markerDue) begin(BlockKind::Paragraph); // an empty item
        end();
        break;
    case MD_BLOCK_H:
    case MD_BLOCK_CODE:
    case MD_BLOCK_P:
    case MD_BLOCK_TABLE:
        end();
        break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        m_cell = nullptr;
        break;
    default:
        break;
    }
}

void Folder::enter(MD_SPANTYPE type, void* detail) {
    if (!m_open) begin(BlockKind::Paragraph);
    Open span;
    span.type = type;
    switch (type) {
    case MD_SPAN_EM:
        span.style = Emphasis;
        break;
    case MD_SPAN_STRONG:
        span.style = Strong;
        break;
    case MD_SPAN_DEL:
        span.style = Strike;
        break;
    case MD_SPAN_CODE:
        m_inCode = true;
        break;
    case MD_SPAN_A:
        span.link = string(static_cast<MD_SPAN_A_DETAIL*>(detail)->href);
        break;
    case MD_SPAN_IMG:
        span.link = string(static_cast<MD_SPAN_IMG_DETAIL*>(detail)->src);
        break;
    default:
        break;
    }
    if (!isSafeLink(span.link)) span.link.clear();
    span.start = words().text.size();
    m_spans.push_back(span);
}

void Folder::leave(MD_SPANTYPE type) {
    // On some input md4c ends a span that it never began.
    if (m_spans.empty() || m_spans.back().type != type) return;
    if (type == MD_SPAN_CODE) addCode(std::exchange(m_code, {}));
    const bool shown = words().text.size() > m_spans.back().start;
    if (type == MD_SPAN_IMG && !shown) add(m_spans.back().link); // a picture without a description
    m_spans.pop_back();
}

void Folder::addCode(QString code) {
    m_inCode = false;
    const bool display = code.startsWith(kDisplayMathMark);
    if (!display && !code.startsWith(kMathMark)) {
        m_spans.back().style = InlineCode;
        return add(code);
    }
    code = readableMath(code.mid(1));
    m_spans.back().style = InlineMath;
    m_allMath = display && words().text.isEmpty();
    add(code.replace(u'\n', QChar::LineSeparator));
    m_mathEnd = words().text.size();
}

void Folder::text(MD_TEXTTYPE type, const QString& text) {
    if (!m_open) begin(BlockKind::Paragraph); // the words of a tight list's item
    switch (type) {
    case MD_TEXT_BR:
    case MD_TEXT_SOFTBR:
        return m_inCode ? void(m_code += u' ') : add(QString(QChar::LineSeparator));
    case MD_TEXT_NULLCHAR:
        return add(QString(QChar::ReplacementCharacter));
    case MD_TEXT_ENTITY:
        return add(decodedEntity(text));
    default:
        return m_inCode ? void(m_code += text) : add(text);
    }
}

void Folder::add(const QString& text) {
    if (text.isEmpty()) return;
    Span span;
    for (const Open& open : m_spans) {
        span.styles |= open.style;
        if (!open.link.isEmpty()) span.link = open.link;
    }
    StyledText& into = words();
    span.start = static_cast<int>(into.text.size());
    span.length = static_cast<int>(text.size());
    into.text += text;
    if (span.styles == 0 && span.link.isEmpty()) return;
    if (!into.spans.empty()) {
        Span& last = into.spans.back();
        if (last.start + last.length == span.start && last.styles == span.styles && last.link == span.link) {
            last.length += span.length;
            return;
        }
    }
    into.spans.push_back(span);
}

Folder& folder(void* data) {
    return *static_cast<Folder*>(data);
}

} // namespace

ParsedMarkdown parseMarkdown(const QString& text, const MarkdownContext& context) {
    MD_PARSER parser{};
    parser.flags = kDialect;
    parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* data) {
        folder(data).enter(type, detail);
        return 0;
    };
    parser.leave_block = [](MD_BLOCKTYPE type, void*, void* data) {
        folder(data).leave(type);
        return 0;
    };
    parser.enter_span = [](MD_SPANTYPE type, void* detail, void* data) {
        folder(data).enter(type, detail);
        return 0;
    };
    parser.leave_span = [](MD_SPANTYPE type, void*, void* data) {
        folder(data).leave(type);
        return 0;
    };
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR* characters, MD_SIZE size, void* data) {
        folder(data).text(type, QString::fromUtf8(characters, static_cast<qsizetype>(size)));
        return 0;
    };
    const QString math = withMathAsCode(text);
    const QByteArray source =
        (context.definitions.isEmpty() ? math : context.definitions + QStringLiteral("\n\n") + math).toUtf8();
    Folder folded(context);
    md_parse(source.constData(), static_cast<MD_SIZE>(source.size()), &parser, &folded);
    return folded.take();
}

bool isSafeLink(const QString& target) {
    const QUrl url(target);
    const QString scheme = url.scheme();
    if (!url.isValid()) return false;
    if (scheme == QLatin1String("mailto")) return !url.path().isEmpty();
    return (scheme == QLatin1String("http") || scheme == QLatin1String("https")) && !url.host().isEmpty();
}

} // namespace altiplano::app
