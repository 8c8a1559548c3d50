#pragma once

#include <QObject>
#include <QString>

#include <vector>

/// Who speaks, and what became of what was said. QML reads these as MessageModel.User and so on. The numbers
/// are stored: new ones go to the end.
namespace altiplano::app::turn {
Q_NAMESPACE
enum Sender { User, Assistant };
Q_ENUM_NS(Sender)
/// Waiting and Streaming go on; the others are final. Full: the context was; Cut: the length limit was.
enum State { Waiting, Streaming, Complete, Stopped, Full, Cut, Failed };
Q_ENUM_NS(State)
} // namespace altiplano::app::turn

namespace altiplano::app {

/// Microseconds since 1970 at which a chat or message came to be, made unique (see IdSource). 0: none.
/// A message is younger than its parent, so that its id is greater.
using ChatId = qint64;
using MessageId = qint64;

/// What an answer cost. 0: not known.
struct AnswerFigures {
    qint32 tokens = 0;
    qint64 firstTokenNs = 0; ///< from the request to the first token
    qint64 decodeNs = 0;     ///< from the first token to the last
    qint32 contextUsed = 0;  ///< tokens, the answer included

    double tokensPerSecond() const {
        return tokens > 1 && decodeNs > 0 ? (tokens - 1) * 1e9 / static_cast<double>(decodeNs) : 0;
    }
    bool operator==(const AnswerFigures&) const = default;
};

/// One message as it is stored. Those of a chat form a tree: an edited question and an answer given again are
/// siblings of the first.
struct MessageRecord {
    MessageId id = 0;
    ChatId chat = 0;
    MessageId parent = 0; ///< 0: the chat begins with it
    turn::Sender sender = turn::User;
    turn::State state = turn::Complete;
    QString text;
    QString error;      ///< the sentence of a Failed answer
    QString model;      ///< the name of the one that answered
    qint64 created = 0; ///< milliseconds since 1970
    AnswerFigures figures;
    bool operator==(const MessageRecord&) const = default;
};

/// A chat without its messages.
struct ChatRecord {
    enum TitleSource { FirstWords, Model, Written }; ///< stored; new ones go to the end

    ChatId id = 0;
    QString title;
    TitleSource titleSource = FirstWords;
    qint64 created = 0; ///< milliseconds since 1970
    qint64 changed = 0; ///< when something was last said
    bool pinned = false;
    bool archived = false;
    qint64 deleted = 0; ///< when; 0: it is not
    MessageId leaf = 0; ///< the end of the branch that is shown
    QString settings;   ///< a JSON object: what was chosen for this chat
    bool operator==(const ChatRecord&) const = default;
};

/// A chat as it is stored, exported and imported.
struct ChatContent {
    ChatRecord chat;
    std::vector<MessageRecord> messages; ///< in the order of their ids
};

/// A chat in which the words were found: in its title, in a message, or both.
struct SearchHit {
    ChatId chat = 0;
    MessageId message = 0; ///< the newest that has them; 0: only the title does
    QString excerpt;       ///< of that message, the words between kHitBegin and kHitEnd
};
inline constexpr QChar kHitBegin = u'\x01';
inline constexpr QChar kHitEnd = u'\x02';

} // namespace altiplano::app
