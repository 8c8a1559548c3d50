#include "chats/chat_import.h"

#include "chats/first_words.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMetaEnum>

#include <algorithm>
#include <cmath>
#include <deque>

namespace altiplano::app {

namespace {

/// A message of any of the formats, before it has an id of ours.
struct Node {
    QString id, parent;
    bool kept = true;
    MessageRecord message;
};

[[noreturn]] void refuse(const char* sentence) {
    throw ImportError(QCoreApplication::translate("ChatImport", sentence).toStdString());
}

qint64 msOf(const QJsonValue& seconds) {
    const double value = seconds.toDouble();
    return std::isfinite(value) && std::abs(value) < 1e12 ? static_cast<qint64>(value * 1000) : 0;
}

qint64 msOfText(const QJsonValue& time) {
    const QDateTime parsed = QDateTime::fromString(time.toString(), Qt::ISODateWithMs);
    return parsed.isValid() ? parsed.toMSecsSinceEpoch() : 0;
}

/// Gives every message that can be reached from the start an id, parents first, siblings in their order.
ChatContent assemble(ChatRecord chat, const std::vector<Node>& nodes, const QString& shown, IdSource& ids) {
    QHash<QString, std::vector<const Node*>> replies;
    QHash<QString, MessageId> idOf;
    for (const Node& node : nodes)
        idOf.insert(node.id, 0);
    for (const Node& node : nodes)
        replies[idOf.contains(node.parent) && node.parent != node.id ? node.parent : QString()].push_back(
            &node);
    ChatContent content;
    chat.id = ids.next();
    QHash<QString, bool> seen;
    std::deque<std::pair<const Node*, MessageId>> next;
    const auto follow = [&](const QString& id, MessageId parent) {
        for (const Node* node : replies.value(id))
            next.emplace_back(node, parent);
    };
    for (follow({}, 0); !next.empty(); next.pop_front()) {
        const auto [node, parent] = next.front();
        if (std::exchange(seen[node->id], true)) continue;
        idOf[node->id] = parent;
        if (node->kept && !node->message.text.isEmpty()) {
            MessageRecord message = node->message;
            message.id = idOf[node->id] = ids.next();
            message.chat = chat.id;
            message.parent = parent;
            content.messages.push_back(std::move(message));
        }
        follow(node->id, idOf[node->id]);
    }
    if (content.messages.empty()) return content;
    chat.leaf = idOf.value(shown) ? idOf.value(shown) : content.messages.back().id;
    const auto [oldest, newest] = std::minmax_element(
        content.messages.begin(), content.messages.end(),
        [](const MessageRecord& a, const MessageRecord& b) { return a.created < b.created; });
    if (chat.created == 0) chat.created = oldest->created;
    if (chat.changed == 0) chat.changed = newest->created;
    if (chat.changed == 0) chat.created = chat.changed = QDateTime::currentMSecsSinceEpoch();
    chat.title = chat.title.simplified();
    chat.titleSource = ChatRecord::Written;
    if (chat.title.isEmpty()) chat.title = firstWords(content.messages.front().text);
    content.chat = std::move(chat);
    return content;
}

// ---- Our own

turn::State stateOf(const QString& name) {
    bool known = false;
    const QString key = name.left(1).toUpper() + name.mid(1);
    const int value = QMetaEnum::fromType<turn::State>().keyToValue(key.toLatin1().constData(), &known);
    return known && value >= turn::Complete ? static_cast<turn::State>(value) : turn::Stopped;
}

Node ownMessage(const QJsonObject& json) {
    Node node{QString::number(json["id"].toInteger()), QString::number(json["parent"].toInteger()), true, {}};
    MessageRecord& message = node.message;
    message.sender = json["role"].toString() == u"user" ? turn::User : turn::Assistant;
    message.text = json["text"].toString();
    message.created = msOfText(json["created"]);
    if (message.sender == turn::User) return node;
    message.state = stateOf(json["state"].toString());
    message.model = json["model"].toString();
    message.error = json["error"].toString();
    message.figures = {static_cast<qint32>(json["tokens"].toInteger()), json["first_token_ns"].toInteger(),
                       json["decode_ns"].toInteger(), static_cast<qint32>(json["context_used"].toInteger())};
    return node;
}

ChatContent ownChat(const QJsonObject& json, IdSource& ids) {
    ChatRecord chat;
    chat.title = json["title"].toString();
    chat.created = msOfText(json["created"]);
    chat.changed = msOfText(json["changed"]);
    chat.pinned = json["pinned"].toBool();
    chat.archived = json["archived"].toBool();
    if (const QJsonObject settings = json["settings"].toObject(); !settings.isEmpty())
        chat.settings = QString::fromUtf8(QJsonDocument(settings).toJson(QJsonDocument::Compact));
    std::vector<Node> nodes;
    for (const QJsonValue message : json["messages"].toArray())
        nodes.push_back(ownMessage(message.toObject()));
    return assemble(chat, nodes, QString::number(json["shown"].toInteger()), ids);
}

// ---- ChatGPT's conversations.json: an array of trees, in which every step of a tool is a message, too

QString chatGptText(const QJsonObject& content) {
    const QString type = content["content_type"].toString();
    if (type != u"text" && type != u"multimodal_text") return {};
    QStringList parts;
    for (const QJsonValue part : content["parts"].toArray()) {
        const QString text = part.isString() ? part.toString() : part["text"].toString();
        if (!text.isEmpty()) parts << text;
    }
    return parts.join(QStringLiteral("\n\n")).trimmed();
}

ChatContent chatGptChat(const QJsonObject& json, IdSource& ids) {
    ChatRecord chat;
    chat.title = json["title"].toString();
    chat.created = msOf(json["create_time"]);
    chat.changed = msOf(json["update_time"]);
    chat.archived = json["is_archived"].toBool();
    const QJsonObject mapping = json["mapping"].toObject();
    std::vector<Node> nodes;
    for (auto entry = mapping.begin(); entry != mapping.end(); ++entry) {
        const QJsonObject step = entry.value().toObject();
        const QJsonObject message = step["message"].toObject();
        const QString role = message["author"]["role"].toString();
        const QString recipient = message["recipient"].toString(QStringLiteral("all"));
        Node node{entry.key(), step["parent"].toString(), false, {}};
        node.kept = (role == u"user" || role == u"assistant") && recipient == u"all" &&
                    !message["metadata"]["is_visually_hidden_from_conversation"].toBool();
        node.message.sender = role == u"user" ? turn::User : turn::Assistant;
        node.message.text = chatGptText(message["content"].toObject());
        node.message.created = msOf(message["create_time"]);
        if (role == u"assistant") node.message.model = message["metadata"]["model_slug"].toString();
        nodes.push_back(std::move(node));
    }
    // The members of an object have no order; siblings are in that of their making.
    std::stable_sort(nodes.begin(), nodes.end(),
                     [](const Node& a, const Node& b) { return a.message.created < b.message.created; });
    return assemble(chat, nodes, json["current_node"].toString(), ids);
}

// ---- The web UI of llama.cpp: {"conv": {...}, "messages": [...]}

QString webUiText(const QJsonObject& json) {
    QString text = json["content"].toString();
    for (const QJsonValue part : json["content"].toArray())
        text += part["text"].toString();
    for (const QJsonValue extra : json["extra"].toArray())
        if (extra["type"].toString().startsWith(u"text") && extra["content"].isString())
            text += QStringLiteral("\n\n%1:\n```\n%2\n```")
                        .arg(extra["name"].toString(), extra["content"].toString());
    for (const QString& name : {QStringLiteral("thinking"), QStringLiteral("reasoningContent")})
        if (const QString thought = json[name].toString(); !thought.isEmpty())
            return QStringLiteral("<think>%1</think>\n\n%2").arg(thought, text);
    return text;
}

ChatContent webUiChat(const QJsonObject& conversation, const QJsonArray& messages, IdSource& ids) {
    ChatRecord chat;
    chat.title = conversation["name"].toString();
    chat.changed = conversation["lastModified"].toInteger();
    chat.pinned = conversation["pinned"].toBool();
    std::vector<Node> nodes;
    for (const QJsonValue value : messages) {
        const QJsonObject json = value.toObject();
        const QString role = json["role"].toString();
        Node node{json["id"].toVariant().toString(), json["parent"].toVariant().toString(), true, {}};
        node.kept = json["type"].toString() != u"root" && (role == u"user" || role == u"assistant");
        node.message.sender = role == u"user" ? turn::User : turn::Assistant;
        node.message.text = webUiText(json);
        node.message.created = json["timestamp"].toInteger();
        node.message.model = json["model"].toString();
        const QJsonObject timings = json["timings"].toObject();
        node.message.figures.tokens = timings["predicted_n"].toInt();
        node.message.figures.decodeNs = static_cast<qint64>(timings["predicted_ms"].toDouble() * 1e6);
        node.message.figures.firstTokenNs = static_cast<qint64>(timings["prompt_ms"].toDouble() * 1e6);
        nodes.push_back(std::move(node));
    }
    return assemble(chat, nodes, conversation["currNode"].toVariant().toString(), ids);
}

/// Its newer form: a line for the chat, then one for each message.
std::vector<ChatContent> webUiLines(const QByteArray& file, IdSource& ids) {
    std::vector<ChatContent> chats;
    QJsonObject conversation;
    QJsonArray messages;
    const auto end = [&] {
        if (!conversation.isEmpty()) chats.push_back(webUiChat(conversation, messages, ids));
        messages = {};
    };
    for (const QByteArray& line : file.split('\n')) {
        const QJsonObject json = QJsonDocument::fromJson(line).object();
        if (json["type"].toString() == u"session") {
            end();
            conversation = json;
        } else if (json["type"].toString() == u"message") {
            messages.append(json["message"]);
        }
    }
    end();
    return chats;
}

std::vector<ChatContent> readAny(const QByteArray& file, IdSource& ids) {
    const qsizetype lineEnd = file.indexOf('\n');
    if (QJsonDocument::fromJson(file.left(lineEnd)).object()["type"].toString() == u"session")
        return webUiLines(file, ids);
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(file, &error);
    if (error.error == QJsonParseError::DocumentTooLarge)
        refuse(QT_TRANSLATE_NOOP("ChatImport", "The file is too large to be read at once."));
    if (document.isNull()) refuse(QT_TRANSLATE_NOOP("ChatImport", "The file is not JSON, or it is damaged."));
    const QJsonObject top = document.object();
    std::vector<ChatContent> chats;
    if (top["format"].toString() == u"altiplano-chats") {
        if (top["version"].toInt() != 1)
            refuse(QT_TRANSLATE_NOOP("ChatImport", "The file was written by a newer Altiplano."));
        for (const QJsonValue chat : top["chats"].toArray())
            chats.push_back(ownChat(chat.toObject(), ids));
        return chats;
    }
    for (const QJsonValue value : document.isArray() ? document.array() : QJsonArray{top}) {
        const QJsonObject json = value.toObject();
        if (json.contains(QStringLiteral("mapping")))
            chats.push_back(chatGptChat(json, ids));
        else if (json.contains(QStringLiteral("conv")))
            chats.push_back(webUiChat(json["conv"].toObject(), json["messages"].toArray(), ids));
    }
    return chats;
}

} // namespace

std::vector<ChatContent> readChats(const QByteArray& file, IdSource& ids) {
    if (file.startsWith("PK\x03\x04"))
        refuse(
            QT_TRANSLATE_NOOP("ChatImport", "The file is an archive: unpack it and open the file inside."));
    std::vector<ChatContent> chats = readAny(file, ids);
    std::erase_if(chats, [](const ChatContent& content) { return content.messages.empty(); });
    if (chats.empty())
        refuse(QT_TRANSLATE_NOOP(
            "ChatImport",
            "There are no chats in it. Altiplano reads its own exports, ChatGPT's conversations.json, and "
            "those of "
            "llama.cpp's web page."));
    return chats;
}

} // namespace altiplano::app
