#pragma once

#include <QAbstractListModel>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include <vector>

namespace altiplano::app {

/// The blocks of one message, in order: paragraphs and fenced code today. Text streams in and only the last
/// block changes; its text only ever grows, so that a view can append what textAppended brings and never lays
/// out the answer again. What may yet turn out to be a code fence is held back until that is certain. GUI
/// thread only.
class BlockModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Belongs to a message")
public:
    enum Kind { Paragraph, Code };
    Q_ENUM(Kind)
    enum Role { KindRole = Qt::UserRole + 1, TextRole, LanguageRole };

    using QAbstractListModel::QAbstractListModel;

    void append(const QString& text);   ///< streamed Markdown
    void finish();                      ///< no more will come: what was held back is text
    void setPlain(const QString& text); ///< one paragraph, exactly as given

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

signals:
    /// The last row's text grew by this much.
    void textAppended(int row, const QString& text);

private:
    struct Block {
        Kind kind = Paragraph;
        QString text;
        QString language;
    };

    void take(QChar c);
    void endLine();
    void beginText();
    void beginBlock(Kind kind, const QString& language);
    void flush();

    std::vector<Block> m_blocks;
    QString m_fresh;             ///< for the last block, not announced yet
    QString m_held;              ///< start of a line that may be a fence
    QString m_fence;             ///< of the code block that is open; empty: none
    bool m_open = false;         ///< the last block takes more text
    bool m_holding = true;       ///< at the start of a line
    bool m_lineBreakDue = false; ///< shown once the line after it has text
};

} // namespace altiplano::app
