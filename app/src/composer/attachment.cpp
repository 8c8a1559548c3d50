#include "attachment.h"

#include <algorithm>

namespace altiplano::app {

namespace {

const QString kHeading = QStringLiteral("File: ");

/// A fence that the text does not contain.
QString fenceFor(const QString& text) {
    qsizetype longest = 2, run = 0;
    for (const QChar c : text) {
        run = c == u'`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return QString(longest + 1, u'`');
}

/// Reads one attachment from `at` on and moves it behind; false: there is none.
bool readAttachment(const QString& message, qsizetype& at, Attachment& into) {
    if (!QStringView(message).mid(at).startsWith(kHeading)) return false;
    const qsizetype nameEnd = message.indexOf(u'\n', at);
    if (nameEnd < 0) return false;
    const qsizetype fenceEnd = message.indexOf(u'\n', nameEnd + 1);
    if (fenceEnd < 0) return false;
    const QString fence = message.mid(nameEnd + 1, fenceEnd - nameEnd - 1);
    if (fence.size() < 3 || fence.count(u'`') != fence.size()) return false;
    const qsizetype close = message.indexOf(u'\n' + fence, fenceEnd);
    if (close < 0) return false;
    const qsizetype start = at + kHeading.size();
    into = {message.mid(start, nameEnd - start), message.mid(fenceEnd + 1, close - fenceEnd - 1)};
    at = close + 1 + fence.size();
    return true;
}

} // namespace

QString withAttachments(const ComposedMessage& message) {
    QString all = message.words;
    for (const Attachment& attachment : message.attachments) {
        const QString fence = fenceFor(attachment.text);
        if (!all.isEmpty()) all += QStringLiteral("\n\n");
        all += kHeading + attachment.name + u'\n' + fence + u'\n' + attachment.text + u'\n' + fence;
    }
    return all;
}

ComposedMessage withoutAttachments(const QString& message) {
    for (qsizetype start = message.indexOf(kHeading); start >= 0;
         start = message.indexOf(kHeading, start + 1)) {
        const bool begins = start == 0 || QStringView(message).left(start).endsWith(u"\n\n");
        if (!begins) continue;
        ComposedMessage composed{message.left(std::max<qsizetype>(0, start - 2)), {}};
        qsizetype at = start;
        for (Attachment one; readAttachment(message, at, one);) {
            composed.attachments.push_back(one);
            if (at == message.size()) return composed;
            if (!QStringView(message).mid(at).startsWith(u"\n\n")) break;
            at += 2;
        }
    }
    return {message, {}};
}

} // namespace altiplano::app
