#include "message_model.h"
#include "support/random.h"
#include "text_selection.h"
#include "transcript_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace altiplano::app;

namespace {

/// A list of messages whose blocks are Markdown.
class Messages : public QAbstractListModel {
public:
    explicit Messages(int count = 0) {
        for (int i = 0; i < count; ++i)
            m_all.push_back(made(QStringLiteral("message %1\n\nand more").arg(i)));
    }

    static std::unique_ptr<BlockModel> made(const QString& text) {
        auto blocks = std::make_unique<BlockModel>();
        blocks->append(text);
        blocks->finish();
        return blocks;
    }
    void insert(int row, std::unique_ptr<BlockModel> blocks) {
        beginInsertRows({}, row, row);
        m_all.insert(m_all.begin() + row, std::move(blocks));
        endInsertRows();
    }
    void remove(int first, int last) {
        beginRemoveRows({}, first, last);
        std::vector<std::unique_ptr<BlockModel>> removed; // they outlive the signal, as the real ones do
        for (int row = first; row <= last; ++row)
            removed.push_back(std::move(m_all[static_cast<std::size_t>(row)]));
        m_all.erase(m_all.begin() + first, m_all.begin() + last + 1);
        endRemoveRows();
    }
    void replace(int row, std::unique_ptr<BlockModel> blocks) {
        std::swap(m_all[static_cast<std::size_t>(row)], blocks);
        emit dataChanged(index(row), index(row), {Qt::UserRole + 1});
    }
    BlockModel& at(int row) { return *m_all[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex& = {}) const override { return static_cast<int>(m_all.size()); }
    QVariant data(const QModelIndex& index, int role) const override {
        if (role == Qt::UserRole + 1)
            return QVariant::fromValue<QAbstractItemModel*>(
                m_all[static_cast<std::size_t>(index.row())].get());
        return role == Qt::UserRole + 2 ? QVariant(index.row() * 10) : QVariant();
    }
    QHash<int, QByteArray> roleNames() const override {
        return {{Qt::UserRole + 1, "blocks"}, {Qt::UserRole + 2, "ten"}};
    }

private:
    std::vector<std::unique_ptr<BlockModel>> m_all;
};

QVariant value(const TranscriptModel& rows, int row, const char* role) {
    return rows.index(row).data(rows.roleNames().key(role));
}

/// "0 message 0", "0 and more", "0 foot", ...
QStringList rowsOf(const TranscriptModel& rows) {
    QStringList all;
    for (int row = 0; row < rows.rowCount(); ++row)
        all << value(rows, row, "message").toString() + u' ' +
                   (value(rows, row, "foot").toBool() ? QStringLiteral("foot")
                                                      : value(rows, row, "text").toString());
    return all;
}

QStringList expected(Messages& messages) {
    QStringList all;
    for (int message = 0; message < messages.rowCount(); ++message) {
        for (int block = 0; block < messages.at(message).rowCount(); ++block)
            all << QString::number(message) + u' ' +
                       messages.at(message).index(block).data(BlockModel::TextRole).toString();
        all << QString::number(message) + QStringLiteral(" foot");
    }
    return all;
}

} // namespace

class TestTranscriptModel : public QObject {
    Q_OBJECT
private slots:
    void rows() {
        Messages messages(2);
        TranscriptModel rows;
        const QAbstractItemModelTester tester(&rows, QAbstractItemModelTester::FailureReportingMode::QtTest);
        rows.setMessages(&messages);
        QCOMPARE(rowsOf(rows),
                 (QStringList{"0 message 0", "0 and more", "0 foot", "1 message 1", "1 and more", "1 foot"}));
        QCOMPARE(value(rows, 3, "ten").toInt(), 10);
        QCOMPARE(value(rows, 3, "first").toBool(), true);
        QCOMPARE(value(rows, 4, "first").toBool(), false);
        QCOMPARE(value(rows, 2, "last").toBool(), false);
        QCOMPARE(value(rows, 5, "last").toBool(), true);
        QCOMPARE(rows.rowOfMessage(1), 3);
        QCOMPARE(rows.rowOfMessage(2), -1);
        QCOMPARE(rows.messageOfRow(5), 1);
    }

    /// Whatever happens to the messages and their blocks, the rows are those of a model made anew.
    void followsEverything() {
        std::mt19937_64 random = altiplano::test::seededRandom();
        const auto below = [&random](int n) { return static_cast<int>(random() % static_cast<quint64>(n)); };
        for (int round = 0; round < 30; ++round) {
            Messages messages(below(4));
            TranscriptModel rows;
            const QAbstractItemModelTester tester(&rows,
                                                  QAbstractItemModelTester::FailureReportingMode::QtTest);
            rows.setMessages(&messages);
            for (int step = 0; step < 40; ++step) {
                const int count = messages.rowCount();
                const int row = count > 0 ? below(count) : 0;
                switch (below(6)) {
                case 0:
                    messages.insert(below(count + 1), Messages::made(QStringLiteral("new %1").arg(step)));
                    break;
                case 1: {
                    auto streaming = std::make_unique<BlockModel>();
                    streaming->append(QStringLiteral("<think>hm</think>"));
                    messages.insert(count, std::move(streaming));
                    break;
                }
                case 2:
                    if (count > 0) messages.remove(row, row + below(count - row));
                    break;
                case 3:
                    if (count > 0)
                        messages.replace(row, Messages::made(QStringLiteral("other\n\nblocks\n\nhere")));
                    break;
                case 4:
                    if (count > 0) rows.setUnfolded(row, below(2) == 0);
                    break;
                default:
                    if (count > 0) messages.at(row).append(QStringLiteral("more\n\n- text\n"));
                    break;
                }
                QCOMPARE(rowsOf(rows), expected(messages));
            }
        }
    }

    /// The newest messages at once, the others while the window is idle.
    void aLongChatComesFromItsEnd() {
        Messages messages(2000);
        TranscriptModel rows;
        rows.setMessages(&messages);
        QVERIFY(rows.rowCount() < 400);
        QCOMPARE(value(rows, rows.rowCount() - 2, "message").toInt(), 1999);
        messages.insert(2000, Messages::made(QStringLiteral("the newest")));
        messages.remove(5, 5); // among those that wait
        QTRY_COMPARE(rows.rowCount(), 1999 * 3 + 2);
        QCOMPARE(rowsOf(rows), expected(messages));
    }

    /// Much that streams in at once is let in over several frames, and all of it.
    void textIsLetInOverFrames() {
        Messages messages(2);
        messages.insert(2, std::make_unique<BlockModel>());
        TranscriptModel rows;
        rows.setMessages(&messages);
        const int before = rows.rowCount();
        QSignalSpy lines(&rows, &TranscriptModel::lineTaken);
        connect(&rows, &TranscriptModel::lineTaken, this, [] { QTest::qSleep(1); }); // laying out
        messages.at(2).append(QStringLiteral("words\n\n").repeated(40));
        while (lines.isEmpty())
            QCoreApplication::processEvents();
        QVERIFY(lines.size() < 80);
        QTRY_COMPARE(lines.size(), 80);
        QCOMPARE(rows.rowCount(), before + 40);
        QCOMPARE(rowsOf(rows), expected(messages));
    }

    /// What comes at once in one piece of code is not read a line at a time.
    void aBurstIsLetInAtOnce() {
        Messages messages(1);
        messages.insert(1, std::make_unique<BlockModel>());
        TranscriptModel rows;
        rows.setMessages(&messages);
        const QSignalSpy lines(&rows, &TranscriptModel::lineTaken);
        messages.at(1).append(QStringLiteral("```\n") + QStringLiteral("a line of code\n").repeated(10000));
        QTRY_COMPARE(messages.at(1).waiting(), 0);
        QCOMPARE(lines.size(), 1);
    }

    /// Words that turn out to be a table are another row: nothing is selected any more, and it is said.
    void aSelectionEndsWithItsRow() {
        Messages messages(1);
        messages.insert(1, std::make_unique<BlockModel>());
        TranscriptModel rows;
        rows.setMessages(&messages);
        messages.at(1).append(QStringLiteral("a | b\n"));
        const int words = rows.rowOfMessage(1);
        QTRY_COMPARE(value(rows, words, "text").toString(), QStringLiteral("a | b"));
        TextSelection selection;
        selection.setRows(&rows);
        selection.begin(0, 2);
        selection.extend(words, 3);
        QVERIFY(!selection.empty());
        const QSignalSpy changes(&selection, &TextSelection::changed);
        messages.at(1).append(QStringLiteral("---|---\n"));
        QTRY_COMPARE(value(rows, words, "kind").toInt(), int(BlockKind::Table));
        QVERIFY(selection.empty());
        QCOMPARE(changes.size(), 1);
        QCOMPARE(selection.text(), QString());
    }

    /// A branch that is left while text waits has it when it is seen again.
    void whatWaitsOutlastsTheView() {
        Messages messages(1);
        auto blocks = std::make_unique<BlockModel>();
        messages.insert(1, std::move(blocks));
        {
            TranscriptModel rows;
            rows.setMessages(&messages);
            connect(&rows, &TranscriptModel::lineTaken, this, [] { QTest::qSleep(1); });
            messages.at(1).append(QStringLiteral("words\n\n").repeated(40));
            QVERIFY(messages.at(1).waiting() > 0);
        }
        TranscriptModel rows;
        rows.setMessages(&messages);
        QTRY_COMPARE(messages.at(1).rowCount(), 40);
        QCOMPARE(rowsOf(rows), expected(messages));
    }

    void aMessageThatWaitsIsFetched() {
        Messages messages(500);
        TranscriptModel rows;
        rows.setMessages(&messages);
        const int row = rows.rowOfMessage(3);
        QCOMPARE(value(rows, row, "text").toString(), QStringLiteral("message 3"));
        QCOMPARE(value(rows, row, "first").toBool(), true);
    }

    void selecting() {
        Messages messages;
        messages.insert(0, Messages::made(QStringLiteral(
                               "first words\n\n- one\n- two\n  - three\n\n| a | b |\n|---|---|\n| 1 | 2 |")));
        TranscriptModel rows;
        rows.setMessages(&messages);
        TextSelection selection;
        selection.setProperty("rows", QVariant::fromValue<QAbstractItemModel*>(&rows));
        QVERIFY(selection.empty());
        selection.begin(0, 6);
        QVERIFY(selection.empty());
        selection.extend(2, 2);
        QCOMPARE(selection.text(), QString::fromUtf8("words\n\n• one\n• tw"));
        QCOMPARE(selection.within(0, 11), QPoint(6, 11));
        QCOMPARE(selection.within(1, 3), QPoint(0, 3));
        QCOMPARE(selection.within(2, 3), QPoint(0, 2));
        QCOMPARE(selection.within(3, 5), QPoint(0, 0));
        selection.begin(2, 2); // upwards is the same
        selection.extend(0, 6);
        QCOMPARE(selection.text(), QString::fromUtf8("words\n\n• one\n• tw"));
        messages.insert(0, Messages::made(QStringLiteral("above"))); // what is selected moves along
        QCOMPARE(selection.within(2, 11), QPoint(6, 11));
        selection.selectRows(0, rows.rowCount() - 1);
        QCOMPARE(selection.text(),
                 QString::fromUtf8("above\n\nfirst words\n\n• one\n• two\n  ◦ three\n\na\tb\n1\t2"));
        selection.clear();
        QVERIFY(selection.empty() && selection.text().isEmpty());
    }
};

QTEST_MAIN(TestTranscriptModel)
#include "tst_transcript_model.moc"
