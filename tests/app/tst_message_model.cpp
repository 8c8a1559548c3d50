#include "message_model.h"

#include "support/random.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <map>

using namespace altiplano::app;

namespace {

MessageRecord message(MessageId id, MessageId parent, const QString& text, turn::Sender sender = turn::User,
                      turn::State state = turn::Complete) {
    MessageRecord record;
    record.id = id;
    record.parent = parent;
    record.sender = sender;
    record.state = state;
    record.text = text;
    return record;
}

QStringList texts(const MessageModel& model) {
    QStringList all;
    for (int row = 0; row < model.rowCount(); ++row)
        all << model.text(row);
    return all;
}

int stateOf(const MessageModel& model, int row) {
    return model.index(row).data(MessageModel::StateRole).toInt();
}

} // namespace

class TestMessageModel : public QObject {
    Q_OBJECT
private slots:
    void aConversation() {
        MessageModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.add(message(1, 0, "question"));
        model.add(message(2, 1, {}, turn::Assistant, turn::Waiting));
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(stateOf(model, 1), int(MessageModel::Waiting));
        model.appendText(2, "");
        QCOMPARE(stateOf(model, 1), int(MessageModel::Waiting));
        model.appendText(2, "an ");
        model.appendText(2, "answer");
        QCOMPARE(stateOf(model, 1), int(MessageModel::Streaming));
        QCOMPARE(model.text(1), QStringLiteral("an answer"));
        model.close(2, MessageModel::Failed, {}, "why");
        QCOMPARE(stateOf(model, 1), int(MessageModel::Failed));
        QCOMPARE(model.index(1).data(MessageModel::ErrorRole).toString(), QStringLiteral("why"));
    }

    void branches() {
        MessageModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.add(message(1, 0, "q"));
        model.add(message(2, 1, "a", turn::Assistant));
        model.add(message(3, 2, "next"));
        model.add(message(4, 1, "b", turn::Assistant)); // the answer again: what followed is another branch
        QCOMPARE(texts(model), (QStringList{"q", "b"}));
        QCOMPARE(model.index(1).data(MessageModel::BranchRole).toInt(), 1);
        QCOMPARE(model.index(1).data(MessageModel::BranchCountRole).toInt(), 2);
        const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        const QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        model.setLeaf(3);
        QCOMPARE(texts(model), (QStringList{"q", "a", "next"}));
        QVERIFY(resets.isEmpty()); // what both branches have stays
        QCOMPARE(removed.front().at(1).toInt(), 1);
        model.setLeaf(99);
        QCOMPARE(model.rowCount(), 3);
    }

    /// Any tree, and any order of switching in it: the path and the siblings are what a walk of the records
    /// says.
    void anyTree() {
        auto random = altiplano::test::seededRandom();
        std::vector<MessageRecord> records;
        for (MessageId id = 1; id <= 60; ++id)
            records.push_back(message(id, static_cast<MessageId>(random() % static_cast<quint64>(id)),
                                      QString::number(id)));
        std::map<MessageId, MessageId> parents;
        for (const MessageRecord& record : records)
            parents[record.id] = record.parent;
        MessageModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.show(MessageTree(records), 60);
        for (int turn = 0; turn < 200; ++turn) {
            const auto leaf = static_cast<MessageId>(1 + random() % 60);
            model.setLeaf(leaf);
            QStringList expected;
            for (MessageId id = leaf; id != 0; id = parents[id])
                expected.prepend(QString::number(id));
            QCOMPARE(texts(model), expected);
            const int row = static_cast<int>(random() % static_cast<quint64>(model.rowCount()));
            const MessageId parent = parents[model.at(row).id];
            const auto siblings =
                std::count_if(parents.begin(), parents.end(), [&](auto& p) { return p.second == parent; });
            QCOMPARE(model.index(row).data(MessageModel::BranchCountRole).toLongLong(), siblings);
        }
    }

    /// Data from damaged or foreign files: circles, parents that are missing or younger.
    void aTreeThatIsNone() {
        MessageTree tree({message(1, 1, "its own parent"), message(2, 3, "a circle"),
                          message(3, 2, "a circle"), message(4, 77, "an orphan")});
        QCOMPARE(tree.size(), 4u);
        QCOMPARE(tree.pathTo(1).size(), 1u);
        QCOMPARE(tree.pathTo(3).size(), 2u);
        QCOMPARE(tree.pathTo(4).size(), 1u);
        QVERIFY(tree.pathTo(5).empty());
        QVERIFY(tree.siblings(5).empty());
        QCOMPARE(tree.newestLeaf(), MessageId{4});
    }

    /// What streams in is announced by the answer's own blocks: the list stays as it is.
    void streamingLeavesTheListAlone() {
        MessageModel model;
        model.add(message(1, 0, "question"));
        model.add(message(2, 1, {}, turn::Assistant, turn::Waiting));
        model.appendText(2, "first");
        const QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        const QSignalSpy inserts(&model, &QAbstractItemModel::rowsInserted);
        for (int i = 0; i < 100; ++i)
            model.appendText(2, QStringLiteral(" word"));
        QVERIFY(changes.isEmpty());
        QVERIFY(inserts.isEmpty());
    }

    /// Blocks are the same whether they were looked at before, during or after the stream.
    void blocksWhenTheyAreLookedAt() {
        const QString text = QStringLiteral("a\n\nb\n\n```c\nd\n```\n");
        for (const int lookedAt : {0, 5, 100}) {
            MessageModel model;
            model.add(message(1, 0, "a\n\nb"));
            QCOMPARE(blocks(model, 0)->rowCount(), 1); // the user's words stay as they were written
            model.add(message(2, 1, {}, turn::Assistant, turn::Waiting));
            for (int i = 0; i < text.size(); ++i) {
                if (i == lookedAt) blocks(model, 1);
                model.appendText(2, text.mid(i, 1));
            }
            model.close(2, MessageModel::Complete, {});
            QCOMPARE(blocks(model, 1)->rowCount(), 3);
            QCOMPARE(blocks(model, 1)->index(2, 0).data(BlockModel::TextRole).toString(),
                     QStringLiteral("d"));
        }
    }

    void anotherChat() {
        MessageModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.add(message(1, 0, "old"));
        model.forgetBefore(1);
        model.show(MessageTree({message(5, 0, "kept"), message(6, 5, "answer", turn::Assistant)}), 0);
        QCOMPARE(texts(model), (QStringList{"kept", "answer"}));
        QVERIFY(!model.index(0).data(MessageModel::ForgottenRole).toBool());
        model.show({}, 0);
        QCOMPARE(model.rowCount(), 0);
    }

    void outOfRange() {
        MessageModel model;
        QVERIFY(model.text(0).isEmpty());
        QVERIFY(model.text(-1).isEmpty());
        model.appendText(7, "nobody");
        model.close(7, MessageModel::Complete, {});
        model.forgetBefore(3);
    }

private:
    static QAbstractItemModel* blocks(const MessageModel& model, int row) {
        return model.index(row).data(MessageModel::BlocksRole).value<QAbstractItemModel*>();
    }
};

QTEST_GUILESS_MAIN(TestMessageModel)
#include "tst_message_model.moc"
