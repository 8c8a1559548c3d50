#pragma once

#include "transcript_model.h"

#include <QPointer>
#include <QQuickItem>

namespace altiplano::app {

/// An item that shows a row of a conversation: what the model says of it. Takes in a change of the model by
/// itself, and tells of what differs only: rows are used for one block after another while text streams in.
class TranscriptRow : public QQuickItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(altiplano::app::TranscriptModel* rows READ rows WRITE setRows NOTIFY rowsChanged REQUIRED)
    Q_PROPERTY(int index READ index WRITE setIndex NOTIFY indexChanged REQUIRED) ///< of the row
    Q_PROPERTY(int message MEMBER m_message NOTIFY messageChanged)               ///< row of the message
    Q_PROPERTY(bool foot MEMBER m_foot NOTIFY footChanged)    ///< the message's last row, below its blocks
    Q_PROPERTY(bool first MEMBER m_first NOTIFY firstChanged) ///< the message's first
    Q_PROPERTY(bool last MEMBER m_last NOTIFY lastChanged)    ///< nothing follows the message
    Q_PROPERTY(int kind MEMBER m_kind NOTIFY kindChanged)     ///< BlockKind; -1: the foot
    Q_PROPERTY(QString text MEMBER m_text NOTIFY textChanged)
    Q_PROPERTY(QVariant content MEMBER m_content NOTIFY contentChanged)
    Q_PROPERTY(QString language MEMBER m_language NOTIFY languageChanged)
    Q_PROPERTY(int level MEMBER m_level NOTIFY levelChanged)
    Q_PROPERTY(QString nesting MEMBER m_nesting NOTIFY nestingChanged)
    Q_PROPERTY(QString marker MEMBER m_marker NOTIFY markerChanged)
    Q_PROPERTY(bool tight MEMBER m_tight NOTIFY tightChanged)
    Q_PROPERTY(bool thought MEMBER m_thought NOTIFY thoughtChanged)
    Q_PROPERTY(bool unfolded MEMBER m_unfolded NOTIFY unfoldedChanged)
    Q_PROPERTY(bool thinking MEMBER m_thinking NOTIFY thinkingChanged)
    Q_PROPERTY(double seconds MEMBER m_seconds NOTIFY secondsChanged)
    Q_PROPERTY(int sender MEMBER m_sender NOTIFY senderChanged)
    Q_PROPERTY(int answerState MEMBER m_answerState NOTIFY answerStateChanged)
    Q_PROPERTY(QString error MEMBER m_error NOTIFY errorChanged)
    Q_PROPERTY(int branchIndex MEMBER m_branchIndex NOTIFY branchIndexChanged)
    Q_PROPERTY(int branchCount MEMBER m_branchCount NOTIFY branchCountChanged)
    Q_PROPERTY(int tokens MEMBER m_tokens NOTIFY tokensChanged)
    Q_PROPERTY(double tokensPerSecond MEMBER m_tokensPerSecond NOTIFY tokensPerSecondChanged)
    Q_PROPERTY(double firstTokenMs MEMBER m_firstTokenMs NOTIFY firstTokenMsChanged)
    Q_PROPERTY(
        bool growing MEMBER m_growing NOTIFY growingChanged) ///< text streams in here, as far as is known
    Q_PROPERTY(bool forgotten MEMBER m_forgotten NOTIFY forgottenChanged)
public:
    using QQuickItem::QQuickItem;

    TranscriptModel* rows() const { return m_rows; }
    void setRows(TranscriptModel* rows);
    int index() const { return m_index; }
    void setIndex(int index);
    /// It has left the page, and does not follow the model until it is used again.
    /// The keyboard does not stay in it: it will be another row when it is seen again.
    Q_INVOKABLE void rest();
    Q_INVOKABLE void reuse(); ///< takes in all that its row has now

signals:
    void rowsChanged();
    void indexChanged();
    void messageChanged();
    void footChanged();
    void firstChanged();
    void lastChanged();
    void kindChanged();
    void textChanged();
    void contentChanged();
    void languageChanged();
    void levelChanged();
    void nestingChanged();
    void markerChanged();
    void tightChanged();
    void thoughtChanged();
    void unfoldedChanged();
    void thinkingChanged();
    void secondsChanged();
    void senderChanged();
    void answerStateChanged();
    void errorChanged();
    void branchIndexChanged();
    void branchCountChanged();
    void tokensChanged();
    void tokensPerSecondChanged();
    void firstTokenMsChanged();
    void forgottenChanged();
    void growingChanged();

private:
    void take(const QList<int>& roles);
    bool isGrowing() const;
    void growingMayHaveChanged();

    QPointer<TranscriptModel> m_rows;
    int m_index = -1;
    bool m_following = true;
    int m_message = 0, m_kind = 0, m_level = 0, m_sender = 0, m_answerState = 0, m_branchIndex = 0,
        m_branchCount = 0, m_tokens = 0;
    bool m_foot = false, m_first = false, m_last = false, m_tight = false, m_thought = false,
         m_unfolded = false, m_thinking = false, m_forgotten = false, m_growing = false;
    double m_seconds = 0, m_tokensPerSecond = 0, m_firstTokenMs = 0;
    QString m_text, m_language, m_nesting, m_marker, m_error;
    QVariant m_content;
};

} // namespace altiplano::app
