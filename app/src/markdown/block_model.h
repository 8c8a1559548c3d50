#pragma once

#include "markdown_stream.h"

#include <QAbstractListModel>
#include <QElapsedTimer>
#include <QtQml/qqmlregistration.h>

#include <memory>
#include <vector>

namespace altiplano::app {

using BlockPointer = std::shared_ptr<const Block>; ///< never changes: a block that grows is a new one

/// The blocks of one message, in order, as the page shows them. What the model thought before it answered
/// (<think>...</think>) is one row that unfolds. Text streams in, and only the last rows change; what stands
/// above them is settled. Nothing is read before someone asks for rows. GUI thread only.
class BlockModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Belongs to a message")
public:
    enum Role {
        KindRole = Qt::UserRole + 1, ///< BlockKind
        TextRole,                    ///< as it is copied
        ContentRole,                 ///< the BlockPointer
        LanguageRole,
        LevelRole,
        NestingRole,
        MarkerRole,
        TightRole,    ///< it goes on a list or quote of the row above
        ThoughtRole,  ///< it belongs to the reasoning
        UnfoldedRole, ///< of a reasoning: its thoughts are shown
        ThinkingRole, ///< of a reasoning: it goes on
        SecondsRole,  ///< of a reasoning: how long it took; 0: not known
    };

    using QAbstractListModel::QAbstractListModel;

    void append(const QString& text);   ///< streamed Markdown
    void finish();                      ///< no more will come: what was held back is text
    void setPlain(const QString& text); ///< exactly as given; attached files are rows of their own

    /// Whether what is appended waits until it is let in, line by line; in any case not beyond finish().
    void setPaced(bool paced) { m_paced = paced; }
    /// Lets in the next line that waits, or the part of it that has come; all of a burst, whose lines one by
    /// one would copy a block as often as it has lines.
    void takeLine();
    qsizetype waiting() const { return m_waiting.size(); } ///< characters

    Q_INVOKABLE void setUnfolded(bool unfolded);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

signals:
    void textWaits();
    void replaced(int row); ///< removed and inserted anew: it needs another kind of item

private:
    /// One stream of Markdown with its blocks.
    struct Part {
        MarkdownStream stream;
        std::vector<BlockPointer> blocks;
        std::size_t settled = 0;
    };
    enum Phase { Beginning, Thinking, Answering };

    void look();
    void take(const QString& text);
    void begin(const QString& text);
    void think(const QString& text);
    void answer(const QString& text);
    void startThinking();
    void thoughtSoFar();
    void endThinking(const QString& rest);
    void update(Part& part, MarkdownStream::Update update);
    void replace(Part& part, std::size_t row, Block block);
    int firstRow(const Part& part) const; ///< -1: the part is folded away
    int shownThoughts() const { return m_unfolded ? static_cast<int>(m_thoughts.blocks.size()) : 0; }
    void headerChanged();
    const Block* blockAt(int row) const;

    Part m_thoughts, m_answer;
    Phase m_phase = Beginning;
    bool m_hasThoughts = false;
    bool m_unfolded = false;
    QElapsedTimer m_thinkingClock;
    double m_seconds = 0;
    QString m_held;         ///< may be the start of a tag
    bool m_lineOver = true; ///< the answer's text so far ends a line
    QString m_unread;       ///< came before anyone looked
    QString m_waiting;      ///< to be let in
    bool m_looked = false, m_finished = false, m_paced = false;
};

} // namespace altiplano::app
