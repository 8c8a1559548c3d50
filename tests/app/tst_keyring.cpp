#include "remote/keyring.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <optional>

using namespace altiplano::app;

/// The system's keyring itself: gnome-keyring on a bus of its own, with a home of its own.
class TestKeyring : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        const QString bus = QStandardPaths::findExecutable(QStringLiteral("dbus-daemon"));
        const QString daemon = QStandardPaths::findExecutable(QStringLiteral("gnome-keyring-daemon"));
        if (bus.isEmpty() || daemon.isEmpty()) QSKIP("There is no gnome-keyring here.");
        QVERIFY(m_home.isValid());
        for (const char* name :
             {"HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"})
            qputenv(name, m_home.path().toLocal8Bit());
        QFile config(m_home.filePath(QStringLiteral("bus.conf"))); // nothing starts by itself on it
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write(QStringLiteral("<busconfig><type>session</type><listen>unix:dir=%1</listen>"
                                    "<policy context='default'><allow send_destination='*' eavesdrop='true'/>"
                                    "<allow eavesdrop='true'/><allow own='*'/></policy></busconfig>")
                         .arg(m_home.path())
                         .toUtf8());
        config.close();
        m_bus.start(bus, {QStringLiteral("--config-file=") + config.fileName(),
                          QStringLiteral("--print-address"), QStringLiteral("--nofork")});
        QVERIFY(m_bus.waitForReadyRead(10'000));
        qputenv("DBUS_SESSION_BUS_ADDRESS", m_bus.readLine().trimmed());
        m_daemon.start(daemon, {QStringLiteral("--foreground"), QStringLiteral("--components=secrets"),
                                QStringLiteral("--unlock")});
        QVERIFY(m_daemon.waitForStarted());
        m_daemon.write("a password\n");
        m_daemon.closeWriteChannel();
        Keyring keyring;
        QTRY_COMPARE_WITH_TIMEOUT(read(keyring, "any")->problem, QString(), 10'000); // it is there
    }
    void cleanupTestCase() {
        for (QProcess* process : {&m_daemon, &m_bus})
            if (process->state() != QProcess::NotRunning) {
                process->terminate();
                if (!process->waitForFinished(5'000)) process->kill();
                process->waitForFinished(5'000);
            }
    }

    void keptReadAndRemoved() {
        const QString key = QString::fromUtf8("sk-0123456789 äöü 中文");
        {
            Keyring keyring;
            QCOMPARE(read(keyring, "one")->key, QString()); // none is no problem
            QCOMPARE(read(keyring, "one")->problem, QString());
            QCOMPARE(write(keyring, "one", key)->problem, QString());
            QCOMPARE(write(keyring, "two", QStringLiteral("another"))->problem, QString());
        }
        Keyring later;
        QCOMPARE(read(later, "one")->key, key);
        QCOMPARE(write(later, "one", QStringLiteral("newer"))->problem, QString());
        QCOMPARE(read(later, "one")->key, QStringLiteral("newer"));
        later.remove(QStringLiteral("one"));
        QTRY_COMPARE(read(later, "one")->key, QString());
        QCOMPARE(read(later, "two")->key, QStringLiteral("another"));
    }

    /// No file in the home has it in the clear.
    void nothingInTheClear() {
        Keyring keyring;
        QCOMPARE(write(keyring, "secret", QStringLiteral("sk-in-the-clear"))->problem, QString());
        QProcess grep;
        grep.start(QStringLiteral("grep"),
                   {QStringLiteral("-r"), QStringLiteral("sk-in-the-clear"), m_home.path()});
        QVERIFY(grep.waitForFinished());
        QCOMPARE(grep.exitCode(), 1);
    }

    /// Last: without a keyring there is a sentence, and soon.
    void aKeyringThatIsGone() {
        m_daemon.kill();
        QVERIFY(m_daemon.waitForFinished());
        Keyring keyring;
        QVERIFY(!write(keyring, "one", QStringLiteral("key"))->problem.isEmpty());
    }

private:
    using Answered = std::optional<KeyAnswer>;
    static Answered read(Keyring& keyring, const char* id) {
        Answered answered;
        keyring.read(QLatin1String(id), [&](const KeyAnswer& answer) { answered = answer; });
        return waited(answered);
    }
    static Answered write(Keyring& keyring, const char* id, const QString& key) {
        Answered answered;
        keyring.write(QLatin1String(id), key, [&](const KeyAnswer& answer) { answered = answer; });
        return waited(answered);
    }
    static Answered waited(const Answered& answered) {
        const bool came = QTest::qWaitFor([&] { return answered.has_value(); }, 20'000);
        return came ? answered : KeyAnswer{{}, QStringLiteral("no answer came")};
    }

    QTemporaryDir m_home;
    QProcess m_bus, m_daemon;
};

QTEST_GUILESS_MAIN(TestKeyring)
#include "tst_keyring.moc"
