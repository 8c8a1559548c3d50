#include "chats/chat_database.h"

#include "support/random.h"

#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

using namespace altiplano::app;

namespace {

constexpr int kKills = 200;
constexpr int kAtOnce = 20;
constexpr int kMostMs = 1800;
constexpr qint64 kMayLoseMs = 1000;

/// A program that chats in a folder of its own, killed again and again.
struct Victim {
    QTemporaryDir folder;
    QProcess process;
    int chatsBefore = 0;

    void start() {
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(QStringLiteral(CHAT_CHILD), {folder.path()});
    }
};

/// What the program said it had shown, until it was killed.
struct Said {
    explicit Said(const QByteArray& output) : started(output.contains("started")) {
        std::vector<std::pair<qint64, qint64>> shown;
        for (const QByteArray& line : output.split('\n')) {
            const QList<QByteArray> words = line.split(' ');
            if (words[0] == "shown" && words.size() == 3 && !line.endsWith(' '))
                shown.emplace_back(words[1].toLongLong(), words[2].toLongLong());
        }
        if (!shown.empty()) shown.pop_back(); // it may be cut
        for (const auto& [time, characters] : shown)
            if (time <= shown.back().first - kMayLoseMs) mustBeThere = characters;
    }
    bool started;
    qint64 mustBeThere = 0; ///< characters of the answer
};

} // namespace

/// The app is killed (SIGKILL) at any moment of a chat: the file is whole, the prompt is there once the
/// engine has it, and at most the last second of the answer is missing.
class TestCrash : public QObject {
    Q_OBJECT
private slots:
    void killedAtAnyMoment() {
        auto random = altiplano::test::seededRandom();
        std::vector<std::unique_ptr<Victim>> victims;
        for (int i = 0; i < kAtOnce; ++i)
            victims.push_back(std::make_unique<Victim>());
        int longAnswers = 0;
        for (int kills = 0; kills < kKills; kills += kAtOnce) {
            for (const auto& victim : victims) {
                victim->start();
                const int after = static_cast<int>(random() % kMostMs);
                QTimer::singleShot(after, &victim->process, &QProcess::kill);
            }
            for (const auto& victim : victims) {
                QTRY_COMPARE_WITH_TIMEOUT(victim->process.state(), QProcess::NotRunning, 20'000);
                check(*victim, longAnswers);
                if (QTest::currentTestFailed()) return;
            }
        }
        QVERIFY2(longAnswers > kKills / 10, "too few of the programs got far enough to prove anything");
    }

private:
    static void check(Victim& victim, int& longAnswers) {
        const Said said(victim.process.readAll());
        ChatDatabase file(victim.folder.filePath(QStringLiteral("chats.db")));
        Statement integrity = file.sql().prepare("PRAGMA integrity_check");
        QVERIFY(integrity.step());
        QCOMPARE(integrity.text(0), QStringLiteral("ok"));
        file.sql().execute("INSERT INTO message_words(message_words, rank) VALUES ('integrity-check', 0)");
        const auto chats = file.chats();
        if (!said.started) return;
        QVERIFY(static_cast<int>(chats.size()) > victim.chatsBefore);
        victim.chatsBefore = static_cast<int>(chats.size());
        const auto messages = file.messages(chats.back().id);
        QCOMPARE(messages.size(), 2u);
        QCOMPARE(messages[0].text, QStringLiteral("A question"));
        QVERIFY2(messages[1].text.size() >= said.mustBeThere,
                 qPrintable(QStringLiteral("%1 of %2").arg(messages[1].text.size()).arg(said.mustBeThere)));
        QVERIFY(messages[1].text.isEmpty() || messages[1].text.startsWith(QStringLiteral("word0")));
        longAnswers += said.mustBeThere > 0;
    }
};

QTEST_GUILESS_MAIN(TestCrash)
#include "tst_crash.moc"
