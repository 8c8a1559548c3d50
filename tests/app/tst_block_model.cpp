#include "block_model.h"
#include "support/random.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace altiplano::app;

namespace {

/// Each row as "kind: text"; a reasoning's as "reasoning".
QStringList rowsOf(const BlockModel& model) {
    static const char* const names[] = {"p", "h", "code", "table", "math", "rule", "reasoning"};
    QStringList rows;
    for (int row = 0; row < model.rowCount(); ++row) {
        const QModelIndex index = model.index(row);
        const QString name = QLatin1String(names[index.data(BlockModel::KindRole).toInt()]);
        const QString text = index.data(BlockModel::TextRole).toString();
        rows << (text.isEmpty() ? name : name + QStringLiteral(": ") + text);
    }
    return rows;
}

QStringList whole(const QString& text, bool unfolded = false) {
    BlockModel model;
    model.append(text);
    model.finish();
    model.rowCount();
    model.setUnfolded(unfolded);
    return rowsOf(model);
}

} // namespace

class TestBlockModel : public QObject {
    Q_OBJECT
private slots:
    void reasoning_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("folded");
        QTest::addColumn<QStringList>("unfolded");
        const auto row = [](const char* text, const QStringList& folded, const QStringList& unfolded) {
            QTest::newRow(text) << QString::fromUtf8(text) << folded << unfolded;
        };
        row("Plain.", {"p: Plain."}, {"p: Plain."});
        row("<think>\nHm.\n\n- so\n</think>\n\nYes.", {"reasoning", "p: Yes."},
            {"reasoning", "p: Hm.", "p: so", "p: Yes."});
        row("  <think>Hm.</think>Yes.", {"reasoning", "p: Yes."}, {"reasoning", "p: Hm.", "p: Yes."});
        row("<think></think>Yes.", {"reasoning", "p: Yes."}, {"reasoning", "p: Yes."});
        row("<think>cut off", {"reasoning"}, {"reasoning", "p: cut off"});
        row("The template opened it.\n</think>\n\nYes.", {"reasoning", "p: Yes."},
            {"reasoning", "p: The template opened it.", "p: Yes."});
        row("It writes `</think>` at the end.", {"p: It writes </think> at the end."},
            {"p: It writes </think> at the end."});
        row("<thin", {"p: <thin"}, {"p: <thin"});
        row("Say <think> aloud", {"p: Say <think> aloud"}, {"p: Say <think> aloud"});
    }

    void reasoning() {
        QFETCH(QString, text);
        QFETCH(QStringList, folded);
        QFETCH(QStringList, unfolded);
        QCOMPARE(whole(text), folded);
        QCOMPARE(whole(text, true), unfolded);
        for (const bool open : {false, true}) { // and letter by letter
            BlockModel model;
            const QAbstractItemModelTester tester(&model,
                                                  QAbstractItemModelTester::FailureReportingMode::QtTest);
            for (const QChar c : text) {
                model.append(c);
                model.setUnfolded(open);
            }
            model.finish();
            model.setUnfolded(open);
            QCOMPARE(rowsOf(model), open ? unfolded : folded);
        }
    }

    void thinkingIsTimed() {
        BlockModel model;
        model.rowCount();
        model.append("<think>Hm");
        QVERIFY(model.index(0).data(BlockModel::ThinkingRole).toBool());
        QTest::qWait(60);
        model.append("</think>Yes");
        QVERIFY(!model.index(0).data(BlockModel::ThinkingRole).toBool());
        QVERIFY(model.index(0).data(BlockModel::SecondsRole).toDouble() >= 0.05);
    }

    void foldsAndUnfolds() {
        BlockModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.append("<think>one\n\ntwo</think>three");
        model.finish();
        for (int i = 0; i < 3; ++i) {
            model.setUnfolded(true);
            QCOMPARE(rowsOf(model), (QStringList{"reasoning", "p: one", "p: two", "p: three"}));
            QVERIFY(model.index(1).data(BlockModel::ThoughtRole).toBool());
            QVERIFY(!model.index(3).data(BlockModel::ThoughtRole).toBool());
            model.setUnfolded(false);
            QCOMPARE(rowsOf(model), (QStringList{"reasoning", "p: three"}));
        }
    }

    /// However a text is cut, the rows are the same, and every step keeps the model's contract.
    void cutsDoNotMatter() {
        const QString text = QStringLiteral("<think>Hm.\n\nSo.</think>\n\nWords and words.\n\n```cpp\nint x "
                                            "= 0;\n\n    return x;\n```\n\nThen "
                                            "`code`, \n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n1. one\n2. "
                                            "two\n\n> quote\n\n``\n```\nlast\n```\nEnd");
        const QStringList expected = whole(text, true);
        std::mt19937_64 random = altiplano::test::seededRandom();
        for (int round = 0; round < 100; ++round) {
            BlockModel model;
            const QAbstractItemModelTester tester(&model,
                                                  QAbstractItemModelTester::FailureReportingMode::QtTest);
            model.rowCount(); // someone looks
            model.setPaced(round % 2 == 0);
            for (qsizetype at = 0; at < text.size();) {
                const auto length = static_cast<qsizetype>(1 + random() % 9);
                model.append(text.mid(at, length));
                if (random() % 3 == 0) model.takeLine();
                model.setUnfolded(random() % 4 > 0);
                at += length;
            }
            model.finish();
            model.setUnfolded(true);
            QCOMPARE(rowsOf(model), expected);
        }
    }

    /// Text that is let in line by line, and the rest of it at the end.
    void whatWaitsIsLetIn() {
        BlockModel model;
        model.rowCount();
        model.setPaced(true);
        const QSignalSpy waits(&model, &BlockModel::textWaits);
        model.append("one\ngoes on\n\ntwo");
        QCOMPARE(waits.size(), 1);
        QCOMPARE(model.waiting(), 16);
        QCOMPARE(rowsOf(model), QStringList());
        model.takeLine();
        QCOMPARE(rowsOf(model), (QStringList{"p: one"}));
        model.takeLine();
        QCOMPARE(rowsOf(model), (QStringList{"p: one\ngoes on"}));
        model.append(" is more\n\nthree");
        model.finish();
        QCOMPARE(rowsOf(model), (QStringList{"p: one\ngoes on", "p: two is more", "p: three"}));
        QCOMPARE(model.waiting(), 0);
    }

    /// A view shows a table by another item than words: it is another row.
    void wordsThatBecomeATable() {
        BlockModel model;
        model.append("a | b\n");
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.index(0).data(BlockModel::KindRole).toInt(), int(BlockKind::Paragraph));
        const QPersistentModelIndex words = model.index(0);
        model.append("---|---\n");
        QCOMPARE(model.index(0).data(BlockModel::KindRole).toInt(), int(BlockKind::Table));
        QVERIFY(!words.isValid());
        model.append("1 | 2\n\nTitle");
        const QPersistentModelIndex title = model.index(1);
        model.append("\n=====\n");
        QCOMPARE(title.data(BlockModel::KindRole).toInt(), int(BlockKind::Heading));
    }

    void onlyTheLastRowChanges() {
        BlockModel model;
        model.append("first\n\nsecond");
        QCOMPARE(model.rowCount(), 2);
        const QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        const QSignalSpy inserts(&model, &QAbstractItemModel::rowsInserted);
        for (int i = 0; i < 50; ++i)
            model.append(QStringLiteral(" more"));
        QCOMPARE(changes.size(), 50);
        QVERIFY(resets.isEmpty());
        QVERIFY(inserts.isEmpty());
        for (const auto& change : changes)
            QCOMPARE(change[0].toModelIndex().row(), 1);
    }

    /// A long chat opens at once: what nobody looks at is not read.
    void nothingIsReadUnseen() {
        BlockModel model;
        const QSignalSpy inserts(&model, &QAbstractItemModel::rowsInserted);
        model.append("# one\n\ntwo");
        model.finish();
        QVERIFY(inserts.isEmpty());
        QCOMPARE(rowsOf(model), (QStringList{"h: one", "p: two"}));
        QVERIFY(inserts.isEmpty()); // nobody had seen it without them
    }

    void itemsOfAListAreTight() {
        BlockModel model;
        model.append("text\n\n- one\n- two\n\nmore");
        model.finish();
        QList<bool> tight;
        for (int row = 0; row < model.rowCount(); ++row)
            tight << model.index(row).data(BlockModel::TightRole).toBool();
        QCOMPARE(tight, (QList<bool>{false, false, true, false}));
    }

    void definitionsComeLate() {
        BlockModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.rowCount();
        model.append("See [it].\n\nMore.\n\n");
        model.append("[it]: https://a.b/c\n");
        model.finish();
        QCOMPARE(rowsOf(model), (QStringList{"p: See it.", "p: More."}));
    }

    void plainStaysAsItIs() {
        BlockModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QString text = QStringLiteral("```\nnot\n\n**code** <think>");
        model.setPlain(text);
        QCOMPARE(rowsOf(model), QStringList{"p: " + text});
    }
};

QTEST_GUILESS_MAIN(TestBlockModel)
#include "tst_block_model.moc"
