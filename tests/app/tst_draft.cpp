#include "attachment.h"
#include "draft.h"
#include "scripted_engine.h"
#include "support/random.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace altiplano::app;

class TestDraft : public QObject {
    Q_OBJECT
private slots:
    /// What is sent can be taken apart again, whatever the files hold.
    void thereAndBack() {
        std::mt19937_64 random = altiplano::test::seededRandom();
        const QStringList pieces{
            "words", "\n", "\n\n", "```", "````", "File: x", "`", " ", "File: a.txt\n```\nb\n```"};
        const auto text = [&] {
            QString all;
            for (auto i = random() % 8; i > 0; --i)
                all += pieces[static_cast<qsizetype>(random() % static_cast<quint64>(pieces.size()))];
            return all;
        };
        for (int round = 0; round < 3000; ++round) {
            const ComposedMessage message{
                QStringLiteral("Look: ") + text().trimmed() + u'.',
                {{QStringLiteral("notes.txt"), text()}, {QStringLiteral("b c.py"), text()}}};
            const ComposedMessage back = withoutAttachments(withAttachments(message));
            QCOMPARE(back.words, message.words);
            QCOMPARE(back.attachments, message.attachments);
        }
        QCOMPARE(withoutAttachments(QStringLiteral("File: none")).words, QStringLiteral("File: none"));
        QCOMPARE(
            withoutAttachments(withAttachments({{}, {{QStringLiteral("a"), QStringLiteral("b")}}})).words,
            QString());
    }

    void files_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("problem");
        QTest::newRow("text") << QByteArray("some words\nhere") << QString();
        QTest::newRow("UTF-8") << QByteArray("\xc3\xa9\xe2\x82\xac") << QString();
        QTest::newRow("binary") << QByteArray("a\0b", 3)
                                << QStringLiteral("file.txt is not a text file. Only text can be attached.");
        QTest::newRow("Latin-1") << QByteArray("caf\xe9")
                                 << QStringLiteral("file.txt is not a text file. Only text can be attached.");
        QTest::newRow("empty") << QByteArray() << QStringLiteral("file.txt is empty.");
        QTest::newRow("large") << QByteArray(Draft::kMostBytes + 1, 'a')
                               << QStringLiteral(
                                      "file.txt is too large: a text file of at most 1 MB can be attached.");
    }

    void files() {
        QFETCH(QByteArray, content);
        QFETCH(QString, problem);
        const QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("file.txt")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        ScriptedEngine engine;
        Draft draft(engine);
        draft.attach(QUrl::fromLocalFile(file.fileName()));
        QCOMPARE(draft.problem(), problem);
        QCOMPARE(draft.count(), problem.isEmpty() ? 1 : 0);
    }

    void noFile() {
        ScriptedEngine engine;
        Draft draft(engine);
        draft.attach(QUrl(QStringLiteral("file:///nowhere/gone.txt")));
        QCOMPARE(draft.problem(), QStringLiteral("gone.txt cannot be read."));
        draft.attach(QUrl(QStringLiteral("https://a.b/c.txt")));
        QVERIFY(draft.problem().contains(QLatin1String("c.txt")) || !draft.problem().isEmpty());
        QCOMPARE(draft.count(), 0);
        draft.dismissProblem();
        QVERIFY(draft.problem().isEmpty());
    }

    void counts() {
        const QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("file.txt")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("four words are here");
        file.close();
        ScriptedEngine engine;
        Draft draft(engine);
        draft.setWords(QStringLiteral("two words"));
        draft.attach(QUrl::fromLocalFile(file.fileName()));
        QTRY_COMPARE(draft.tokens(), 6);
        QCOMPARE(draft.index(0).data(Draft::TokensRole).toInt(), 4);
        draft.setWords(QString());
        QTRY_COMPARE(draft.tokens(), 4);
        draft.setWords(QStringLiteral("Look"));
        const QString message = draft.take();
        QCOMPARE(message, QStringLiteral("Look\n\nFile: file.txt\n```\nfour words are here\n```"));
        QCOMPARE(draft.tokens(), 0);
        QCOMPARE(draft.count(), 0);
        draft.takeFrom(message);
        QCOMPARE(draft.property("words").toString(), QStringLiteral("Look"));
        QCOMPARE(draft.count(), 1);
        draft.remove(0);
        QCOMPARE(draft.count(), 0);
    }
};

QTEST_GUILESS_MAIN(TestDraft)
#include "tst_draft.moc"
