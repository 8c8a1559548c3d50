#include "models/facts_cache.h"
#include "models/model_library.h"

#include "support/gguf_writer.h"
#include "support/tiny_model.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace altiplano;
using namespace altiplano::app;
using test::GgufWriter;

/// The library over temporary folders with tiny models in them.
class TestModelLibrary : public QObject {
    Q_OBJECT
private slots:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_settings = std::make_unique<Settings>(m_folder->filePath("settings.ini"));
        qputenv("ALTIPLANO_STARTER_MODEL", m_folder->filePath("starter.gguf").toUtf8());
        QVERIFY(QDir(m_folder->path()).mkpath("models/deep/er"));
    }

    void aCardSaysWhatTheHeaderSays() {
        test::TinyModelOptions options;
        options.contextLength = 8192;
        GgufWriter writer = test::tinyModelWriter(options.allOf(kernels::QuantType::Q8_0));
        writer.set("general.license", std::string("apache-2.0"));
        writer.set("general.file_type", std::uint32_t{7});
        write(writer, "models/deep/er/Tiny-1.Q8_0.gguf");
        const auto library = scanned();
        QCOMPARE(library->shown(), 1);
        const ModelFacts facts = *library->find(path("models/deep/er/Tiny-1.Q8_0.gguf"));
        QCOMPARE(facts.name, QStringLiteral("Tiny-1"));
        QCOMPARE(facts.title, QStringLiteral("Tiny random model"));
        QCOMPARE(facts.architecture, QStringLiteral("llama"));
        QCOMPARE(facts.quantization, QStringLiteral("Q8_0"));
        QCOMPARE(facts.license, QStringLiteral("apache-2.0"));
        QCOMPARE(facts.contextTokens, 8192u);
        QCOMPARE(facts.layers, 2u);
        QCOMPARE(facts.file.bytes, quint64(QFileInfo(facts.file.path).size()));
        QVERIFY(facts.parameters > 50'000 && facts.parameters < 500'000);
        QCOMPARE(facts.problem, QString());
        const QModelIndex row = library->index(0, 0);
        QCOMPARE(row.data(ModelFileList::NameRole).toString(), facts.name);
        QCOMPARE(row.data(ModelFileList::BytesRole).toDouble(), double(facts.file.bytes));
    }

    void aLicenseThatHasANameIsCalledByIt() {
        GgufWriter writer = test::tinyModelWriter();
        writer.set("general.license", std::string("other"));
        writer.set("general.license.name", std::string("llama3\ncommunity"));
        write(writer, "models/a.gguf");
        QCOMPARE(scanned()->find(path("models/a.gguf"))->license, QStringLiteral("llama3?community"));
    }

    void whatCannotRunSaysWhy() {
        write(test::tinyModelWriter(), "models/good.gguf");
        GgufWriter other = test::tinyModelWriter();
        other.set("general.architecture", std::string("mamba"));
        other.set("mamba.context_length", std::uint32_t{4096});
        write(other, "models/a-mamba.gguf");
        writeText("models/letter.gguf", "Dear diary");
        const std::vector<std::byte> whole = test::tinyModelWriter().bytes();
        test::writeBytes(path("models/half.gguf").toStdString(), std::span(whole).first(whole.size() / 2));
        const auto library = scanned();
        QCOMPARE(library->shown(), 4);
        QCOMPARE(names(*library).first(), QStringLiteral("good")); // those that cannot run are last
        const ModelFacts mamba = *library->find(path("models/a-mamba.gguf"));
        QVERIFY(mamba.problem.contains("'mamba' is not supported"));
        QCOMPARE(mamba.contextTokens, 4096u);
        QVERIFY(mamba.parameters > 0);
        QVERIFY2(library->find(path("models/letter.gguf"))->problem.endsWith("not a GGUF file"),
                 qPrintable(library->find(path("models/letter.gguf"))->problem));
        const QString half = library->find(path("models/half.gguf"))->problem;
        QVERIFY2(half.contains("incomplete"), qPrintable(half));
        QVERIFY(!half.contains(m_folder->path()) && half.front().isUpper());
    }

    void aSplitModelIsOne() {
        const auto parts = test::tinyModelWriter().writeParts(path("models").toStdString(), "Split.F32", 5);
        QVERIFY(parts.size() > 2);
        quint64 bytes = 0;
        for (const auto& part : parts)
            bytes += std::filesystem::file_size(part);
        auto library = scanned();
        QCOMPARE(library->shown(), 1);
        const ModelFacts* facts = library->find(QString::fromStdString(parts.front().string()));
        QVERIFY(facts && facts->problem.isEmpty());
        QCOMPARE(facts->file.parts, int(parts.size()));
        QCOMPARE(facts->file.bytes, bytes);
        QCOMPARE(facts->name, QStringLiteral("Split"));

        std::filesystem::remove(parts[1]);
        library = scanned();
        QCOMPARE(library->shown(), 1);
        facts = library->find(QString::fromStdString(parts.front().string()));
        QVERIFY2(facts && facts->problem.contains("00002-of-"), qPrintable(facts->problem));
        std::filesystem::remove(parts[0]);
        library = scanned();
        QCOMPARE(library->shown(), 1);
        QVERIFY(library->find(QString::fromStdString(parts[2].string()))->problem.contains("first part"));
    }

    void onlyWhatBelongs() {
        write(test::tinyModelWriter(), "models/a.gguf");
        write(test::tinyModelWriter(), "models/b.GGUF");
        writeText("models/notes.txt", "no model");
        QVERIFY(QDir(m_folder->path()).mkpath("models/.hidden"));
        write(test::tinyModelWriter(), "models/.hidden/c.gguf");
        QVERIFY(QFile::link(path("models"), path("models/deep/loop")));
        QVERIFY(QDir(m_folder->path()).mkpath("elsewhere"));
        write(test::tinyModelWriter(), "elsewhere/d.gguf");
        QVERIFY(QFile::link(path("elsewhere/d.gguf"), path("models/deep/linked.gguf"))); // as hubs' caches do
        write(test::tinyModelWriter(), "starter.gguf");
        write(test::tinyModelWriter(), "recent.gguf");
        m_settings->addRecentModel(path("recent.gguf"));
        m_settings->addRecentModel(path("gone.gguf"));
        const auto library = scanned();
        QCOMPARE(names(*library), (QStringList{"a", "b", "linked", "recent", "starter"}));
    }

    void foldersComeAndGo() {
        QVERIFY(QDir(m_folder->path()).mkpath("more/below"));
        write(test::tinyModelWriter(), "more/below/x.gguf");
        auto library = scanned();
        QCOMPARE(library->shown(), 0);
        QSignalSpy folders(library.get(), &ModelLibrary::foldersChanged);
        library->addFolder(QUrl::fromLocalFile(path("more")));
        library->addFolder(QUrl::fromLocalFile(path("more")));
        library->addFolder(QUrl::fromLocalFile(path("models")));
        library->addFolder(QUrl("https://example.org/"));
        QCOMPARE(folders.size(), 1);
        QCOMPARE(library->addedFolders(), QStringList{path("more")});
        QTRY_COMPARE(names(*library), QStringList{"x"});
        library = scanned(); // another start
        QCOMPARE(names(*library), QStringList{"x"});
        library->addFolder(QUrl::fromLocalFile(path("more/below"))); // twice there, listed once
        QTRY_VERIFY(!library->scanning());
        QCOMPARE(names(*library), QStringList{"x"});
        library->removeFolder(path("more/below"));
        library->removeFolder(path("more"));
        QTRY_COMPARE(library->shown(), 0);
        QVERIFY(QFile::exists(path("more/below/x.gguf")));
    }

    void changesAreSeen() {
        const auto library = scanned();
        QCOMPARE(library->shown(), 0);
        write(test::tinyModelWriter(), "models/deep/new.gguf");
        QTRY_COMPARE(names(*library), QStringList{"new"});
        QVERIFY(QFile::rename(path("models/deep/new.gguf"), path("models/deep/newer.gguf")));
        QTRY_COMPARE(names(*library), QStringList{"newer"});
        QVERIFY(QFile::remove(path("models/deep/newer.gguf")));
        QTRY_COMPARE(library->shown(), 0);
    }

    /// A file on its way here cannot be read until it is whole; its folder does not change any more then.
    void aFileThatGrowsIsReadAgain() {
        const std::vector<std::byte> whole = test::tinyModelWriter().bytes();
        const auto bytes = reinterpret_cast<const char*>(whole.data());
        QFile file(path("models/growing.gguf"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes, qint64(whole.size() / 2));
        file.flush();
        const auto library = scanned();
        QVERIFY(!library->find(file.fileName())->problem.isEmpty());
        file.write(bytes + whole.size() / 2, qint64(whole.size() - whole.size() / 2));
        file.flush();
        QTRY_COMPARE(library->find(file.fileName())->problem, QString());
    }

    void searchAndOrder() {
        test::TinyModelOptions large;
        large.layers = 6;
        write(test::tinyModelWriter(large), "models/Beta-chat.gguf");
        write(test::tinyModelWriter(), "models/alpha.gguf");
        large.layers = 4;
        large.architecture = "qwen2";
        write(test::tinyModelWriter(large), "models/gamma.gguf");
        setAge("models/alpha.gguf", 2);
        setAge("models/Beta-chat.gguf", 3);
        setAge("models/gamma.gguf", 1);
        const auto library = scanned();
        QCOMPARE(names(*library), (QStringList{"alpha", "Beta-chat", "gamma"}));
        library->setOrder(ModelLibrary::BySize);
        QCOMPARE(names(*library), (QStringList{"Beta-chat", "gamma", "alpha"}));
        library->setOrder(ModelLibrary::ByNewest);
        QCOMPARE(names(*library), (QStringList{"gamma", "alpha", "Beta-chat"}));
        library->setSearched("CHAT be");
        QCOMPARE(names(*library), QStringList{"Beta-chat"});
        QCOMPARE(library->total(), 3);
        library->setSearched("qwen");
        QCOMPARE(names(*library), QStringList{"gamma"});
        library->setSearched("nothing");
        QCOMPARE(library->shown(), 0);
        library->setSearched({});
        QCOMPARE(library->shown(), 3);
    }

    /// What was read once is known at the next start, by path, size and time: shown by a file that says
    /// something else by now, with the same size and time.
    void headersAreReadOnce() {
        const QString file = "models/a.gguf";
        GgufWriter writer = test::tinyModelWriter();
        write(writer.set("general.name", std::string("Old")), file);
        setAge(file, 5);
        QCOMPARE(scanned()->find(path(file))->title, QStringLiteral("Old"));
        write(writer.set("general.name", std::string("New")), file);
        setAge(file, 5);
        QCOMPARE(scanned()->find(path(file))->title, QStringLiteral("Old"));
        setAge(file, 4);
        QCOMPARE(scanned()->find(path(file))->title, QStringLiteral("New"));
        QVERIFY(QFile::resize(path("model-facts"), 30)); // cut short: read anew
        QCOMPARE(scanned()->find(path(file))->title, QStringLiteral("New"));
        writeText("model-facts", "something else");
        QCOMPARE(scanned()->find(path(file))->title, QStringLiteral("New"));
    }

    void theTrashTakesAllParts() {
        QVERIFY(QDir(m_folder->path()).mkpath("home/data"));
        qputenv("HOME", path("home").toUtf8());
        qputenv("XDG_DATA_HOME", path("home/data").toUtf8());
        const auto parts = test::tinyModelWriter().writeParts(path("models").toStdString(), "s", 7);
        write(test::tinyModelWriter(), "models/other.gguf");
        const auto library = scanned();
        library->moveToTrash(QString::fromStdString(parts.front().string()));
        QTRY_COMPARE(names(*library), QStringList{"other"});
        QCOMPARE(library->failure(), QString());
        for (const auto& part : parts)
            QVERIFY(!std::filesystem::exists(part));
        library->moveToTrash(path("models/never-was.gguf"));
        QTRY_VERIFY(!library->scanning());
    }

private:
    QString path(const QString& name) const { return m_folder->filePath(name); }
    void write(const GgufWriter& writer, const QString& name) const {
        writer.write(path(name).toStdString());
    }
    void writeText(const QString& name, const char* text) const {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    void setAge(const QString& name, int days) const {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.setFileTime(QDateTime(QDate(2026, 1, 30), {}).addDays(-days),
                                 QFileDevice::FileModificationTime));
    }
    std::unique_ptr<ModelLibrary> scanned() const {
        auto library = std::make_unique<ModelLibrary>(*m_settings);
        library->refresh();
        [&] { QTRY_VERIFY(!library->scanning()); }();
        return library;
    }
    static QStringList names(const ModelLibrary& library) {
        QStringList all;
        for (int row = 0; row < library.rowCount(); ++row)
            all << library.index(row, 0).data(ModelFileList::NameRole).toString();
        return all;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Settings> m_settings;
};

QTEST_GUILESS_MAIN(TestModelLibrary)
#include "tst_model_library.moc"
