#include "chats/chat_schema.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace altiplano::app;

namespace {

constexpr const char* kFirst = "CREATE TABLE things(name TEXT); INSERT INTO things VALUES ('one')";
constexpr const char* kSecond = "ALTER TABLE things ADD COLUMN size INTEGER NOT NULL DEFAULT 7";
constexpr const char* kThird = "UPDATE things SET name = upper(name)";
constexpr const char* kBroken = "DELETE FROM things; INSERT INTO nowhere VALUES (1)";

QString nameIn(const Sqlite& database) {
    Statement row = database.prepare("SELECT name FROM things");
    return row.step() ? row.text(0) : QString();
}

} // namespace

class TestChatSchema : public QObject {
    Q_OBJECT
private slots:
    void fromAnyVersion() {
        for (const int from : {0, 1, 2}) {
            const QTemporaryDir folder;
            const QString path = folder.filePath("x.db");
            const char* const steps[] = {kFirst, kSecond, kThird};
            Sqlite database(path);
            database.execute("PRAGMA journal_mode = WAL"); // the copy has what is in the log only
            if (from > 0) migrate(database, path, std::span(steps).first(static_cast<std::size_t>(from)));
            QVERIFY(!QFile::exists(path + ".before-3"));
            migrate(database, path, steps);
            QCOMPARE(nameIn(database), QStringLiteral("ONE"));
            QCOMPARE(database.integer("SELECT size FROM things"), 7);
            QCOMPARE(QFile::exists(path + ".before-3"), from > 0);
            if (from == 0) continue;
            const Sqlite before(path + ".before-3");
            QCOMPARE(nameIn(before), QStringLiteral("one"));
            QCOMPARE(before.integer("PRAGMA user_version"), qint64{from});
            migrate(database, path, steps); // nothing to do
            QCOMPARE(nameIn(database), QStringLiteral("ONE"));
        }
    }

    void allOrNothing() {
        const QTemporaryDir folder;
        const QString path = folder.filePath("x.db");
        const char* const steps[] = {kFirst, kThird, kBroken};
        Sqlite database(path);
        migrate(database, path, std::span(steps).first(1));
        QVERIFY_EXCEPTION_THROWN(migrate(database, path, steps), SqlError);
        QCOMPARE(nameIn(database), QStringLiteral("one"));
        QCOMPARE(database.integer("PRAGMA user_version"), 1);
    }

    void neverBack() {
        const QTemporaryDir folder;
        const QString path = folder.filePath("x.db");
        const char* const steps[] = {kFirst, kSecond};
        Sqlite database(path);
        migrate(database, path, steps);
        QVERIFY_EXCEPTION_THROWN(migrate(database, path, std::span(steps).first(1)), TooNew);
    }
};

QTEST_GUILESS_MAIN(TestChatSchema)
#include "tst_chat_schema.moc"
