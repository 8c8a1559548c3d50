#include "message_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using altiplano::app::MessageModel;

class TestMessageModel : public QObject {
    Q_OBJECT
private slots:
    void aConversation() {
        MessageModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.addUserMessage("question");
        model.addAnswer();
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(stateOf(model, 1), MessageModel::Waiting);
        model.appendText("");
        QCOMPARE(stateOf(model, 1), MessageModel::Waiting);
        model.appendText("an ");
        model.appendText("answer");
        QCOMPARE(stateOf(model, 1), MessageModel::Streaming);
        QCOMPARE(model.text(1), QStringLiteral("an answer"));
        model.closeAnswer(MessageModel::Failed, "why");
        QCOMPARE(stateOf(model, 1), MessageModel::Failed);
        QCOMPARE(model.index(1).data(MessageModel::ErrorRole).toString(), QStringLiteral("why"));
        model.removeLast();
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.text(0), QStringLiteral("question"));
    }

    /// What streams in is announced by the answer's own blocks: the list of turns stays as it is.
    void streamingLeavesTheListAlone() {
        MessageModel model;
        model.addUserMessage("question");
        model.addAnswer();
        model.appendText("first");
        const QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        const QSignalSpy inserts(&model, &QAbstractItemModel::rowsInserted);
        for (int i = 0; i < 100; ++i)
            model.appendText(QStringLiteral(" word"));
        QVERIFY(changes.isEmpty());
        QVERIFY(inserts.isEmpty());
    }

    void blocksOutliveNothing() {
        MessageModel model;
        model.addUserMessage("a\n\nb");
        auto* blocks = model.index(0).data(MessageModel::BlocksRole).value<QAbstractItemModel*>();
        QVERIFY(blocks);
        QCOMPARE(blocks->rowCount(), 1); // the user's words stay as they were written
        model.addAnswer();
        model.appendText("a\n\nb");
        blocks = model.index(1).data(MessageModel::BlocksRole).value<QAbstractItemModel*>();
        QCOMPARE(blocks->rowCount(), 2);
    }

    void takenAndRestored() {
        MessageModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.addUserMessage("kept");
        model.forgetBefore(1);
        auto all = model.takeAll();
        QCOMPARE(model.rowCount(), 0);
        model.restore(std::move(all));
        QCOMPARE(model.text(0), QStringLiteral("kept"));
        QVERIFY(!model.index(0).data(MessageModel::ForgottenRole).toBool());
    }

    void outOfRange() {
        const MessageModel model;
        QVERIFY(model.text(0).isEmpty());
        QVERIFY(model.text(-1).isEmpty());
    }

private:
    static MessageModel::State stateOf(const MessageModel& model, int row) {
        return static_cast<MessageModel::State>(model.index(row).data(MessageModel::StateRole).toInt());
    }
};

QTEST_GUILESS_MAIN(TestMessageModel)
#include "tst_message_model.moc"
