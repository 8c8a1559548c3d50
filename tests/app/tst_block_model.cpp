#include "block_model.h"
#include "support/random.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using altiplano::app::BlockModel;

namespace {

struct Expected {
    BlockModel::Kind kind;
    QString text;
    QString language;
};

QList<Expected> contentOf(const BlockModel& model) {
    QList<Expected> content;
    for (int row = 0; row < model.rowCount(); ++row) {
        const QModelIndex index = model.index(row);
        content.append({static_cast<BlockModel::Kind>(index.data(BlockModel::KindRole).toInt()),
                        index.data(BlockModel::TextRole).toString(),
                        index.data(BlockModel::LanguageRole).toString()});
    }
    return content;
}

void compare(const QList<Expected>& actual, const QList<Expected>& expected) {
    QCOMPARE(actual.size(), expected.size());
    for (qsizetype i = 0; i < expected.size(); ++i) {
        QCOMPARE(actual[i].kind, expected[i].kind);
        QCOMPARE(actual[i].text, expected[i].text);
        QCOMPARE(actual[i].language, expected[i].language);
    }
}

} // namespace

class TestBlockModel : public QObject {
    Q_OBJECT
private slots:
    void splits_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QList<Expected>>("blocks");
        constexpr auto P = BlockModel::Paragraph, C = BlockModel::Code;
        int count = 0;
        const auto row = [&count](const char* text, const QList<Expected>& blocks) {
            QTest::addRow("%d", count++) << QString::fromUtf8(text) << blocks;
        };
        row("", {});
        row("one", {{P, "one", ""}});
        row("one\ntwo", {{P, "one\ntwo", ""}});
        row("one\n\ntwo", {{P, "one", ""}, {P, "two", ""}});
        row("one\n\n\n \n\ntwo\n\n", {{P, "one", ""}, {P, "two", ""}});
        row("\n\n  indented", {{P, "  indented", ""}});
        row("a\n```python\nx = 1\n\ny\n```\nb", {{P, "a", ""}, {C, "x = 1\n\ny", "python"}, {P, "b", ""}});
        row("```\n\nx\n", {{C, "\nx", ""}});
        row("````md\n```\ninner\n```\n````", {{C, "```\ninner\n```", "md"}});
        row("```c++ \nx\n``` ", {{C, "x", "c++"}});
        row("``` not `a` fence", {{P, "``` not `a` fence", ""}});
        row("`x` and ``y``", {{P, "`x` and ``y``", ""}});
        row("ends in ``", {{P, "ends in ``", ""}});
        row("line\n``", {{P, "line\n``", ""}});
        row("```py\nopen to the end", {{C, "open to the end", "py"}});
        row("```py\nx\n```", {{C, "x", "py"}});
        row("\xc3\xa9\xf0\x9f\xa6\x99\n\nllama",
            {{P, QString::fromUtf8("\xc3\xa9\xf0\x9f\xa6\x99"), ""}, {P, "llama", ""}});
    }

    void splits() {
        QFETCH(QString, text);
        QFETCH(QList<Expected>, blocks);
        BlockModel whole;
        whole.append(text);
        whole.finish();
        compare(contentOf(whole), blocks);

        BlockModel streamed;
        const QAbstractItemModelTester tester(&streamed,
                                              QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (const QChar c : text)
            streamed.append(c);
        streamed.finish();
        compare(contentOf(streamed), blocks);
    }

    /// However a text is cut, the blocks are the same, and what a view shows that only appends is the same
    /// too.
    void cutsDoNotMatter() {
        const QString text =
            QStringLiteral("Words and words.\n\n```cpp\nint x = 0;\n\n    return x;\n```\n\nThen `code`, "
                           "\nanother line\n\n``\n```\nlast\n```\nEnd");
        BlockModel whole;
        whole.append(text);
        whole.finish();
        std::mt19937_64 random = altiplano::test::seededRandom();
        for (int round = 0; round < 200; ++round) {
            BlockModel model;
            QStringList shown;
            connect(&model, &BlockModel::textAppended, this, [&shown](int row, const QString& more) {
                while (shown.size() <= row)
                    shown.append(QString());
                shown[row] += more;
            });
            for (qsizetype at = 0; at < text.size();) {
                const auto length = static_cast<qsizetype>(1 + random() % 9);
                model.append(text.mid(at, length));
                at += length;
            }
            model.finish();
            compare(contentOf(model), contentOf(whole));
            for (int row = 0; row < model.rowCount(); ++row)
                QCOMPARE(shown.value(row), model.index(row).data(BlockModel::TextRole).toString());
        }
    }

    void onlyTheLastRowChanges() {
        BlockModel model;
        model.append("first\n\nsecond");
        const QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        for (int i = 0; i < 50; ++i)
            model.append(QStringLiteral(" more"));
        QCOMPARE(changes.size(), 50);
        QVERIFY(resets.isEmpty());
        for (const auto& change : changes)
            QCOMPARE(change[0].toModelIndex().row(), 1);
    }

    void plainStaysAsItIs() {
        BlockModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QString text = QStringLiteral("```\nnot\n\ncode");
        model.setPlain(text);
        compare(contentOf(model), {{BlockModel::Paragraph, text, ""}});
    }
};

QTEST_GUILESS_MAIN(TestBlockModel)
#include "tst_block_model.moc"
