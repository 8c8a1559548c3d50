#pragma once

#include <QString>

#include <vector>

namespace altiplano::app {

/// A text file that goes with a message.
struct Attachment {
    QString name;
    QString text;
    bool operator==(const Attachment&) const = default;
};

/// A message as the user made it.
struct ComposedMessage {
    QString words;
    std::vector<Attachment> attachments;
};

/// The message as it is stored and as the model reads it: the words, then each file under its name, fenced.
QString withAttachments(const ComposedMessage& message);

/// The way back. A text without attachments is all words.
ComposedMessage withoutAttachments(const QString& message);

} // namespace altiplano::app
