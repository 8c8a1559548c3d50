#include <QDir>
#include <QDirIterator>
#include <QRegularExpression>
#include <QTest>

/// The rules of the house that a machine can check: who may include whom, and that the documents name no path
/// that does not exist.
class TestHouse : public QObject {
    Q_OBJECT

private slots:
    void wallsHold_data();
    void wallsHold();
    void documentsNameExistingPaths_data();
    void documentsNameExistingPaths();

private:
    static QString read(const QString& path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
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

QTEST_GUILESS_MAIN(TestHouse)
#include "tst_house.moc"
