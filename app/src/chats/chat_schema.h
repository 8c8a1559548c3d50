#pragma once

#include "chats/sqlite.h"

#include <span>

namespace altiplano::app {

/// The file has a newer schema than this program knows.
struct TooNew {};

/// Brings the database at `path` to the version that the steps lead to, all or nothing; throws SqlError or
/// TooNew. Before an older one is changed it is copied to `path`.before-VERSION.
void migrate(Sqlite& database, const QString& path, std::span<const char* const> steps);

/// The steps from one version of the chats' database to the next: the first makes version 1 of an empty file.
/// What has been released is never changed; a change is a new step at the end.
///
/// Only finished messages are in the index: one that streams is indexed when it ends, not every second.
inline constexpr const char* kSchemaSteps[] = {
    R"(
CREATE TABLE chats(
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    title_source INTEGER NOT NULL,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    pinned INTEGER NOT NULL,
    archived INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    leaf INTEGER NOT NULL,
    settings TEXT NOT NULL
);
CREATE TABLE messages(
    id INTEGER PRIMARY KEY,
    chat INTEGER NOT NULL,
    parent INTEGER NOT NULL,
    sender INTEGER NOT NULL,
    state INTEGER NOT NULL,
    created INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    first_token_ns INTEGER NOT NULL,
    decode_ns INTEGER NOT NULL,
    context_used INTEGER NOT NULL,
    model TEXT NOT NULL,
    error TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX messages_of_chat ON messages(chat, id);
CREATE VIRTUAL TABLE title_words USING fts5(title, content='chats', content_rowid='id', tokenize='words',
    prefix='1 2 3');
CREATE VIRTUAL TABLE message_words USING fts5(text, content='messages', content_rowid='id', tokenize='words',
    prefix='2 3');
CREATE TRIGGER title_added AFTER INSERT ON chats BEGIN
    INSERT INTO title_words(rowid, title) VALUES (new.id, new.title);
END;
CREATE TRIGGER title_changed AFTER UPDATE OF title ON chats WHEN old.title IS NOT new.title BEGIN
    INSERT INTO title_words(title_words, rowid, title) VALUES ('delete', old.id, old.title);
    INSERT INTO title_words(rowid, title) VALUES (new.id, new.title);
END;
CREATE TRIGGER title_removed AFTER DELETE ON chats BEGIN
    INSERT INTO title_words(title_words, rowid, title) VALUES ('delete', old.id, old.title);
END;
CREATE TRIGGER message_added AFTER INSERT ON messages WHEN new.state >= 2 BEGIN
    INSERT INTO message_words(rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER message_changed AFTER UPDATE OF text, state ON messages
WHEN old.text IS NOT new.text OR (old.state >= 2) IS NOT (new.state >= 2) BEGIN
    INSERT INTO message_words(message_words, rowid, text) SELECT 'delete', old.id, old.text WHERE old.state >= 2;
    INSERT INTO message_words(rowid, text) SELECT new.id, new.text WHERE new.state >= 2;
END;
CREATE TRIGGER message_removed AFTER DELETE ON messages WHEN old.state >= 2 BEGIN
    INSERT INTO message_words(message_words, rowid, text) VALUES ('delete', old.id, old.text);
END;
)",
    // Beginnings of up to five letters are looked up rather than put together from all words that begin so: a
    // search for one of four had taken a second and a half in 100,000 messages.
    R"(
DROP TABLE message_words;
CREATE VIRTUAL TABLE message_words USING fts5(text, content='messages', content_rowid='id', tokenize='words',
    prefix='1 2 3 4 5');
INSERT INTO message_words(rowid, text) SELECT id, text FROM messages WHERE state >= 2;
)",
};

} // namespace altiplano::app
