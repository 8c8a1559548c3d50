#include <QDir>
#include <QDirIterator>
#include <QRegularExpression>
#include <QTest>

/// The rules of the house that a machine can check: who may include whom, and that the documents name no path
/// and no test that does not exist.
class TestHouse : public QObject {
    Q_OBJECT

private slots:
    void wallsHold_data();
    void wallsHold();
    void documentsNameExistingPaths_data();
    void documentsNameExistingPaths();
    void theComparisonIsTested();

private:
    static QString read(const QString& path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }
    /// The text of a test by its name, "ui.tst_conversation"; empty: there is none.
    QString sourceOf(const QString& test) const {
        QString path = m_root + "/tests/" + QString(test).replace('.', '/');
        if (test.startsWith("fuzz.")) path = m_root + "/tests/fuzz/fuzz_" + test.section('.', 1);
        return read(path + ".cpp") + read(path + ".py");
    }
    const QString m_root = HOUSE_ROOT;
};

void TestHouse::wallsHold_data() {
    QTest::addColumn<QString>("layer");
    QTest::addColumn<QString>("forbidden");
    QTest::newRow("kernels") << "kernels"
                             << "engine/|app/|Q[A-Z]|nlohmann";
    QTest::newRow("engine") << "engine"
                            << "app/|Q[A-Z]|CLI/|httplib";
    QTest::newRow("cli") << "cli"
                         << "kernels/|app/|Q[A-Z]";
    QTest::newRow("app") << "app"
                         << "kernels/";
}

void TestHouse::wallsHold() {
    QFETCH(const QString, layer);
    QFETCH(const QString, forbidden);
    const QRegularExpression include("^\\s*#\\s*include\\s*[<\"](" + forbidden + ")",
                                     QRegularExpression::MultilineOption);
    QDirIterator files(m_root + '/' + layer, {"*.h", "*.cpp", "*.cu", "*.cuh"}, QDir::Files,
                       QDirIterator::Subdirectories);
    int seen = 0;
    for (; files.hasNext(); ++seen) {
        const QString path = files.next();
        const auto match = include.match(read(path));
        QVERIFY2(!match.hasMatch(),
                 qPrintable(path + " includes what its layer may not see: " + match.captured()));
    }
    QVERIFY2(seen > 0, "no sources found: is the path right?");
}

void TestHouse::documentsNameExistingPaths_data() {
    QTest::addColumn<QString>("document");
    QDirIterator files(m_root, {"*.md"}, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString path = files.next();
        const QString relative = QDir(m_root).relativeFilePath(path);
        if (!relative.startsWith("build/")) QTest::newRow(qPrintable(relative)) << path;
    }
}

void TestHouse::documentsNameExistingPaths() {
    QFETCH(const QString, document);
    const QString text = read(document);
    QVERIFY(!text.isEmpty());
    const QDir folder = QFileInfo(document).dir();
    // Links to files, and words that begin with one of the house's folders.
    const QRegularExpression link("\\]\\((?!http|#)([^)#\\s]+)");
    const QRegularExpression path(
        "(?<![\\w/.-])((?:kernels|engine|cli|app|ui|resources|tests|packaging|docs|cmake)/"
        "[\\w./-]*[\\w/])(?![\\w*{<])");
    for (auto matches = link.globalMatch(text); matches.hasNext();) {
        const QString target = matches.next().captured(1);
        QVERIFY2(folder.exists(target), qPrintable(document + " links to " + target));
    }
    for (auto matches = path.globalMatch(text); matches.hasNext();) {
        const QString target = matches.next().captured(1);
        QVERIFY2(QFileInfo::exists(m_root + '/' + target), qPrintable(document + " names " + target));
    }
}

/// Each cell of ours beside other apps has a number, and each number names tests that there are.
void TestHouse::theComparisonIsTested() {
    const QString comparison = read(m_root + "/docs/COMPARISON.md");
    const QRegularExpression note("^(\\d+)\\. (.*)$", QRegularExpression::MultilineOption);
    const QRegularExpression name("`(?:(\\w+\\.\\w+)(?:: )?)?(\\w*)`");
    QSet<QString> tested;
    for (auto notes = note.globalMatch(comparison); notes.hasNext();) {
        const auto one = notes.next();
        QString source; // of the test that was named last
        for (auto names = name.globalMatch(one.captured(2)); names.hasNext();) {
            const auto test = names.next();
            if (!test.captured(1).isEmpty()) source = sourceOf(test.captured(1));
            QVERIFY2(source.contains(test.captured(2)), qPrintable("There is no test " + test.captured()));
            if (!source.isEmpty()) tested << one.captured(1);
        }
    }
    const QRegularExpression number("\\[(\\d+)\\]$");
    int cells = 0;
    for (const QString& table : {comparison, read(m_root + "/README.md")})
        for (const QString& line : table.split('\n')) {
            const QString ours = line.section('|', 2, 2).trimmed();
            if (line.count('|') != 8 || ours.isEmpty() || ours.startsWith("---") || ours == "Altiplano")
                continue;
            QVERIFY2(tested.contains(number.match(ours).captured(1)),
                     qPrintable("No test holds this: " + line));
            ++cells;
        }
    QVERIFY(cells > 30);
}

QTEST_GUILESS_MAIN(TestHouse)
#include "tst_house.moc"
