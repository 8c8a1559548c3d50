#include "main_window.h"
#include "single_instance.h"

#include <QLocalSocket>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace altiplano::app;

class TestSingleInstance : public QObject {
    Q_OBJECT
private slots:
    void aSecondStartTellsTheFirst() {
        const QTemporaryDir folder;
        const SingleInstance first(folder.path());
        QVERIFY(first.isFirst());
        QList<SingleInstance::Start> told;
        connect(&first, &SingleInstance::startedAgain, this, [&](const auto& start) { told << start; });
        // Another process, since this one cannot wait and answer at once.
        QProcess second;
        second.start(QCoreApplication::applicationFilePath(),
                     {"--second", folder.path(), "/models/ä b.gguf"});
        QTRY_COMPARE_WITH_TIMEOUT(second.state(), QProcess::NotRunning, 10'000);
        QCOMPARE(second.exitCode(), 0);
        QTRY_COMPARE(told.size(), 1);
        QCOMPARE(told[0].file, QStringLiteral("/models/ä b.gguf"));
        QCOMPARE(told[0].activationToken, QStringLiteral("token"));
    }

    void anotherFolderIsAnotherInstance() {
        const QTemporaryDir a, b;
        const SingleInstance first(a.path()), second(b.path());
        QVERIFY(first.isFirst() && second.isFirst());
    }

    void afterACrash() {
        const QTemporaryDir folder;
        QProcess crashes;
        crashes.start(QCoreApplication::applicationFilePath(), {"--first", folder.path()});
        QVERIFY(crashes.waitForReadyRead(10'000));
        QVERIFY(!SingleInstance(folder.path()).isFirst());
        crashes.kill();
        QVERIFY(crashes.waitForFinished());
        QVERIFY(SingleInstance(folder.path()).isFirst());
    }

    void aFolderThatCannotBe() {
        const QTemporaryDir folder;
        QFile file(folder.filePath("file"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(SingleInstance(folder.filePath("file")).isFirst()); // the app starts all the same
    }

    void nonsenseOnTheSocket() {
        const QTemporaryDir folder;
        const SingleInstance first(folder.path());
        const QSignalSpy told(&first, &SingleInstance::startedAgain);
        for (const QByteArray& bytes :
             {QByteArray("nonsense\n"), QByteArray(200'000, 'x'), QByteArray("[1]\n")}) {
            QLocalSocket socket;
            socket.connectToServer(first.address());
            QVERIFY(socket.waitForConnected(2000));
            socket.write(bytes);
            QTRY_COMPARE(socket.state(), QLocalSocket::UnconnectedState);
        }
        QCOMPARE(told.size(), 0);
    }
};

int main(int argc, char** argv) {
    if (argc > 2) { // as another process
        QCoreApplication application(argc, argv);
        const SingleInstance instance(QString::fromUtf8(argv[2]));
        if (QByteArray(argv[1]) == "--first") {
            std::puts("here");
            std::fflush(stdout);
            return QCoreApplication::exec();
        }
        return !instance.isFirst() &&
                       instance.tellFirst({QString::fromUtf8(argv[3]), QStringLiteral("token")})
                   ? 0
                   : 1;
    }
    QCoreApplication application(argc, argv);
    TestSingleInstance test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_single_instance.moc"
