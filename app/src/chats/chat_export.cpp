#include "chats/chat_export.h"

#include "chats/message_tree.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMetaEnum>

#include <unordered_map>

namespace altiplano::app {

namespace {

QString isoTime(qint64 ms) {
    return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODateWithMs);
}

QString stateName(turn::State state) {
    return QString::fromLatin1(QMetaEnum::fromType<turn::State>().valueToKey(state)).toLower();
}

QJsonObject messageJson(const MessageRecord& message, qint64 number, qint64 parent) {
    QJsonObject json{{"id", number},
                     {"parent", parent},
                     {"role", message.sender == turn::User ? "user" : "assistant"},
                     {"text", message.text},
                     {"created", isoTime(message.created)}};
    if (message.sender == turn::User) return json;
    json["state"] = stateName(message.state);
    json["model"] = message.model;
    if (!message.error.isEmpty()) json["error"] = message.error;
    json["tokens"] = message.figures.tokens;
    json["first_token_ns"] = message.figures.firstTokenNs;
    json["decode_ns"] = message.figures.decodeNs;
    json["context_used"] = message.figures.contextUsed;
    return json;
}

QJsonObject chatJson(const ChatContent& content) {
    std::unordered_map<MessageId, qint64> numbers{{0, 0}};
    QJsonArray messages;
    for (const MessageRecord& message : content.messages) {
        numbers[message.id] = static_cast<qint64>(numbers.size());
        messages.append(messageJson(message, numbers[message.id], numbers[message.parent]));
    }
    const ChatRecord& chat = content.chat;
    return {{"title", chat.title},
            {"created", isoTime(chat.created)},
            {"changed", isoTime(chat.changed)},
            {"pinned", chat.pinned},
            {"archived", chat.archived},
            {"settings", QJsonDocument::fromJson(chat.settings.toUtf8()).object()},
            {"shown", numbers[chat.leaf]},
            {"messages", messages}};
}

} // namespace

QByteArray toJson(const std::vector<ChatContent>& chats) {
    QJsonArray all;
    for (const ChatContent& content : chats)
        all.append(chatJson(content));
    return QJsonDocument(QJsonObject{{"format", "altiplano-chats"}, {"version", 1}, {"chats", all}}).toJson();
}

QString toMarkdown(const ChatContent& content) {
    const MessageTree tree(content.messages);
    QString text = QStringLiteral("# %1\n").arg(content.chat.title);
    for (const MessageId id :
         tree.pathTo(tree.find(content.chat.leaf) ? content.chat.leaf : tree.newestLeaf())) {
        const MessageRecord& message = *tree.find(id);
        const QString who = message.sender == turn::User ? QCoreApplication::translate("ChatExport", "You")
                            : message.model.isEmpty()    ? QCoreApplication::translate("ChatExport", "Answer")
                                                         : message.model;
        text += QStringLiteral("\n## %1\n\n%2\n").arg(who, message.text.trimmed());
    }
    return text;
}

} // namespace altiplano::app
