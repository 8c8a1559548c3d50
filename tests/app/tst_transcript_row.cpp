#include "message_model.h"
#include "transcript_row.h"

#include <QQuickWindow>
#include <QSignalSpy>
#include <QTest>

using namespace altiplano::app;

namespace {

MessageRecord message(MessageId id, turn::Sender sender, const QString& text, turn::State state) {
    MessageRecord message;
    message.id = id;
    message.chat = 1;
    message.parent = id - 1;
    message.sender = sender;
    message.text = text;
    message.state = state;
    return message;
}

/// A question of one block and an answer under way, each with its foot: rows 0 and 1, 2 and 3.
struct Chat {
    Chat() {
        MessageTree tree;
        tree.put(message(1, turn::User, QStringLiteral("Why?"), turn::Complete));
        tree.put(message(2, turn::Assistant, QStringLiteral("Because"), turn::Streaming));
        messages.show(std::move(tree), 2);
        rows.setMessages(&messages);
    }

    MessageModel messages;
    TranscriptModel rows;
};

QVariant value(const TranscriptRow& row, const char* property) {
    return row.property(property);
}

} // namespace

class TestTranscriptRow : public QObject {
    Q_OBJECT
private slots:
    void hasWhatItsRowHas() {
        Chat chat;
        TranscriptRow row;
        row.setRows(&chat.rows);
        for (int i = 0; i < chat.rows.rowCount(); ++i) {
            row.setIndex(i);
            for (const QByteArray& name : chat.rows.roleNames().values())
                if (name != "blocks" && name != "messageId" && name != "answeredBy")
                    QCOMPARE(value(row, name), chat.rows.index(i).data(chat.rows.roleNames().key(name)));
            QCOMPARE(value(row, "growing").toBool(), i >= 2);
        }
    }

    /// A key pressed after the row has left the page is not for the row that it becomes.
    void theKeyboardDoesNotStay() {
        Chat chat;
        QQuickWindow window;
        QQuickItem list(window.contentItem());
        list.setFlag(QQuickItem::ItemIsFocusScope);
        TranscriptRow row;
        row.setParentItem(&list);
        row.setRows(&chat.rows);
        row.setIndex(1);
        QQuickItem button(&row);
        button.forceActiveFocus();
        QCOMPARE(window.activeFocusItem(), &button);
        row.rest();
        QCOMPARE(window.activeFocusItem(), &list);
        row.reuse();
        QCOMPARE(window.activeFocusItem(), &list);
    }

    /// It tells of what differs, and of nothing else.
    void followsItsRow() {
        Chat chat;
        TranscriptRow row;
        row.setRows(&chat.rows);
        row.setIndex(2);
        const QSignalSpy text(&row, &TranscriptRow::textChanged), kind(&row, &TranscriptRow::kindChanged),
            state(&row, &TranscriptRow::answerStateChanged);
        chat.messages.appendText(2, QStringLiteral(" so."));
        QTRY_COMPARE(value(row, "text").toString(), QStringLiteral("Because so."));
        QCOMPARE(text.size(), 1);
        chat.messages.appendText(2, QStringLiteral("\n\nMore."));
        QTRY_COMPARE(chat.rows.rowCount(), 5);
        QVERIFY(!value(row, "growing").toBool());
        chat.messages.close(2, turn::Complete, {});
        QCOMPARE(value(row, "answerState").toInt(), int(turn::Complete));
        QVERIFY(text.size() == 1 && kind.isEmpty() && state.size() == 1);
    }

    void restsUntilItIsUsedAgain() {
        Chat chat;
        TranscriptRow row;
        row.setRows(&chat.rows);
        row.setIndex(2);
        row.rest();
        chat.messages.appendText(2, QStringLiteral(" so."));
        QTRY_COMPARE(chat.rows.index(2).data(BlockModel::TextRole).toString(), QStringLiteral("Because so."));
        row.setIndex(0);
        QCOMPARE(value(row, "text").toString(), QStringLiteral("Because"));
        row.reuse();
        QCOMPARE(value(row, "text").toString(), QStringLiteral("Why?"));
        QCOMPARE(value(row, "sender").toInt(), int(turn::User));
    }
};

QTEST_MAIN(TestTranscriptRow)
#include "tst_transcript_row.moc"
