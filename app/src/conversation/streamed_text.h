#pragma once

#include "block.h"
#include "text_looks.h"

#include <QColor>
#include <QObject>
#include <QPointer>
#include <QSyntaxHighlighter>
#include <QVariant>
#include <QtQml/qqmlparserstatus.h>
#include <QtQml/qqmlregistration.h>
#include <QtQuick/qquicktextdocument.h>

class QTextBlockFormat;
class QTextCursor;
class QTextTable;
class QTextTableFormat;

namespace altiplano::app {

/// Fills a TextEdit's document with a block. As the block grows, only what differs at its end is replaced, so
/// that only the last lines are laid out again: a paragraph that gets long is cut into several where its
/// lines end, in the document only, a character for a character. Text never becomes markup: every look is set
/// by format. A table's row (a table of one row) has its cells beside each other, in columns as wide as told.
class StreamedText : public QObject, public QQmlParserStatus {
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_ELEMENT
    Q_PROPERTY(QQuickTextDocument* document MEMBER m_document)
    Q_PROPERTY(QVariant content WRITE setContent READ content NOTIFY contentChanged) ///< a BlockPointer
    Q_PROPERTY(double width READ width WRITE setWidth NOTIFY widthChanged) ///< at which lines are wrapped
    Q_PROPERTY(double lineHeight MEMBER m_lineHeight NOTIFY looksChanged)  ///< pixels
    Q_PROPERTY(QColor link MEMBER m_link NOTIFY looksChanged)
    Q_PROPERTY(QColor codeBackground MEMBER m_codeBackground NOTIFY looksChanged)
    Q_PROPERTY(int codeSize MEMBER m_codeSize NOTIFY looksChanged) ///< pixels
    /// Of code: for keywords, values, strings, comments, numbers and names, in this order.
    Q_PROPERTY(QVariantList codeColors MEMBER m_codeColors NOTIFY looksChanged)
    Q_PROPERTY(int codeState MEMBER m_codeState NOTIFY looksChanged) ///< in which code begins: see stateAfter
    Q_PROPERTY(QString monospace MEMBER m_monospace NOTIFY looksChanged)
    Q_PROPERTY(QList<double> columnWidths MEMBER m_columnWidths NOTIFY columnsChanged) ///< of a table's row
    Q_PROPERTY(double cellPadding MEMBER m_cellPadding NOTIFY columnsChanged)          ///< at either side
public:
    explicit StreamedText(QObject* parent = nullptr);

    void classBegin() override {}
    void componentComplete() override;

    QVariant content() const { return QVariant::fromValue(m_block); }
    void setContent(const QVariant& content);
    double width() const { return m_width; }
    void setWidth(double width);
    Q_INVOKABLE QStringList links() const; ///< where the links in it lead, each once

signals:
    void widthChanged();
    void contentChanged();
    void looksChanged();
    void columnsChanged();

private:
    void fill();
    void fillRow(QTextCursor& cursor);
    void layOutColumns();
    void highlight();
    void grow(const StyledText& old, const StyledText& now, int start, int end);
    void settleLines();
    void insert(QTextCursor& cursor, const StyledText& text, qsizetype from = 0) const;
    QTextTable* table() const;
    QTextTableFormat tableFormat() const;
    QTextBlockFormat blockFormat() const;

    QPointer<QQuickTextDocument> m_document;
    std::shared_ptr<const Block> m_block;
    double m_width = 0;
    double m_lineHeight = 0;
    QColor m_link, m_codeBackground;
    int m_codeSize = 0;
    QString m_monospace;
    QVariantList m_codeColors;
    int m_codeState = 0;
    QList<double> m_columnWidths;
    double m_cellPadding = 0;
    QPointer<QSyntaxHighlighter> m_highlighter; ///< owned by the document
    bool m_complete = false;
    bool m_cut = false; ///< the document has more paragraphs than the text
};

} // namespace altiplano::app
