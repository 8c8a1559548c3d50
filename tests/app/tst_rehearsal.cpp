#include "rehearsal.h"
#include "transcript_model.h"

#include <QMetaEnum>
#include <QSet>
#include <QSignalSpy>
#include <QTest>

using namespace altiplano::app;

/// The conversation that the page shows to itself.
class TestRehearsal : public QObject {
    Q_OBJECT
private slots:
    void everyKindOfRow() {
        Rehearsal rehearsal;
        TranscriptModel rows;
        rows.setMessages(rehearsal.messages());
        QSet<int> kinds;
        connect(&rows, &QAbstractItemModel::rowsInserted, &rows,
                [&](const QModelIndex&, int first, int last) {
                    for (int row = first; row <= last; ++row)
                        kinds << rows.index(row, 0).data(rows.roleNames().key("kind")).toInt();
                });
        rehearsal.begin();
        QVERIFY(rehearsal.running());
        QTRY_VERIFY_WITH_TIMEOUT(!rehearsal.running(), 60'000);
        const auto all = QMetaEnum::fromType<BlockKind::Value>();
        for (int i = 0; i < all.keyCount(); ++i)
            QVERIFY2(kinds.contains(all.value(i)), all.key(i));
        QVERIFY(kinds.contains(-1)); // a message's foot
        QCOMPARE(rows.rowCount(), 0);
    }

    /// Nothing is played while something else is to do.
    void pauses() {
        Rehearsal rehearsal;
        rehearsal.setPaused(true);
        rehearsal.begin();
        QVERIFY(rehearsal.running());
        QTest::qWait(100);
        QCOMPARE(rehearsal.messages()->rowCount(), 0);
        rehearsal.setPaused(false);
        QTRY_VERIFY(rehearsal.messages()->rowCount() > 0);
    }

    /// The page is wanted before it has begun, or while it goes on.
    void endsAtOnce() {
        for (const bool begun : {false, true}) {
            Rehearsal rehearsal;
            const QSignalSpy changed(&rehearsal, &Rehearsal::runningChanged);
            if (begun) {
                rehearsal.begin();
                QTRY_VERIFY(rehearsal.messages()->rowCount() > 0);
            }
            rehearsal.end();
            QVERIFY(!rehearsal.running());
            QVERIFY(!rehearsal.due());
            QCOMPARE(rehearsal.messages()->rowCount(), 0);
            QCOMPARE(changed.count(), begun ? 2 : 1);
            rehearsal.begin();
            QVERIFY(!rehearsal.running());
        }
    }
};

QTEST_GUILESS_MAIN(TestRehearsal)
#include "tst_rehearsal.moc"
