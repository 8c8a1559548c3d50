#include "download_fixture.h"
#include "downloads/download_list_model.h"
#include "downloads/model_link.h"
#include "settings/settings.h"

#include <QSignalSpy>

#include <atomic>

using namespace altiplano::app;
using Answer = HttpServer::Answer;

/// The downloads as the window has them, against a server on this machine.
class TestDownloadListModel : public QObject {
    Q_OBJECT
private slots:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_server = std::make_unique<HttpServer>();
        m_settings = std::make_unique<Settings>(m_folder->filePath("settings.ini"));
        m_managers = 0;
        m_options = {};
        m_options.pausesMs = {1, 1};
        m_options.makeNetwork = [this] {
            ++m_managers;
            return new QNetworkAccessManager;
        };
        m_server->answer = [](const HttpServer::Request& request) {
            return Answer{200, bodyOf(request.target), '"' + request.target + '"'};
        };
    }
    void cleanup() { m_model.reset(); }

    void nobodyIsContactedUnasked() {
        make();
        QVERIFY(m_model->problemOf("hello").size() > 10);
        m_model->download("hello");
        QVERIFY(m_model->askedHost().isEmpty());
        m_model->download(link("/m.gguf"));
        QCOMPARE(m_model->askedHost(), QStringLiteral("127.0.0.1"));
        QCOMPARE(m_model->askedFile(), QStringLiteral("m.gguf"));
        m_model->deny();
        QTest::qWait(50);
        QCOMPARE(m_model->count(), 0);
        QCOMPARE(m_managers, 0);
        m_model->download(link("/m.gguf"));
        m_model->allow();
        QVERIFY(m_model->askedHost().isEmpty());
        QTRY_COMPARE(state(0), DownloadState::Done);
        QCOMPARE(m_managers, 1);
        QCOMPARE(fileBytes(path("m.gguf")), bodyOf("/m.gguf"));

        m_settings = std::make_unique<Settings>(m_folder->filePath("settings.ini")); // another run
        make();
        m_model->download(link("/n.gguf"));
        QVERIFY(m_model->askedHost().isEmpty()); // it was allowed
        QTRY_COMPARE(state(0), DownloadState::Done);
    }

    void allPartsFromOneLink() {
        make();
        const QSignalSpy finished(m_model.get(), &DownloadListModel::finished);
        begin("/q-00002-of-00003.gguf");
        QTRY_COMPARE(state(0), DownloadState::Done);
        for (const char* name : {"q-00001-of-00003.gguf", "q-00002-of-00003.gguf", "q-00003-of-00003.gguf"})
            QCOMPARE(fileBytes(path(name)), bodyOf(QByteArray("/") + name));
        QCOMPARE(files().size(), 3);
        QCOMPARE(m_model->count(), 1);
        QCOMPARE(finished.size(), 1);
        QCOMPARE(finished[0][0].toString(), path("q-00001-of-00003.gguf"));
        QCOMPARE(value(0, DownloadListModel::ReceivedRole).toLongLong(), 3 * bodyOf("/m.gguf").size());
        QCOMPARE(value(0, DownloadListModel::FilesRole).toInt(), 3);
    }

    void anotherRunGoesOnWithTheParts() {
        m_server->answer = [this](const HttpServer::Request& request) {
            Answer answer{200, bodyOf(request.target), '"' + request.target + '"'};
            if (request.target.contains("00002") && request.from() == 0) answer.stallAfter = 5000;
            return answer;
        };
        make();
        begin("/q-00001-of-00003.gguf");
        QTRY_COMPARE(value(0, DownloadListModel::ReceivedRole).toLongLong(), bodyOf("/m.gguf").size() + 5000);
        make();
        QCOMPARE(m_model->count(), 1);
        QTRY_COMPARE(value(0, DownloadListModel::StateRole).toInt(), int(DownloadState::Paused));
        QCOMPARE(value(0, DownloadListModel::NameRole).toString(), QStringLiteral("q-00001-of-00003.gguf"));
        QTRY_COMPARE(value(0, DownloadListModel::ReceivedRole).toLongLong(), bodyOf("/m.gguf").size() + 5000);
        QTest::qWait(50);
        QCOMPARE(m_server->requests.size(), 2); // those of before
        m_model->resume(value(0, DownloadListModel::IdRole).toInt());
        QTRY_COMPARE(state(0), DownloadState::Done);
        QCOMPARE(m_server->requests.size(), 4); // the rest of the second, and the third
        for (const char* name : {"q-00001-of-00003.gguf", "q-00002-of-00003.gguf", "q-00003-of-00003.gguf"})
            QCOMPARE(fileBytes(path(name)), bodyOf(QByteArray("/") + name));
        QCOMPARE(files().size(), 3);
    }

    void twoAtOnce() {
        m_server->answer = [&](const HttpServer::Request& request) {
            Answer answer{200, bodyOf(request.target), '"' + request.target + '"'};
            if (!request.headers.contains("range")) answer.stallAfter = 1000;
            return answer;
        };
        make();
        for (const char* name : {"/a.gguf", "/b.gguf", "/c.gguf"})
            begin(name);
        QTRY_COMPARE(m_server->requests.size(), 2);
        QTRY_COMPARE(value(2, DownloadListModel::ReceivedRole).toInt(), 1000);
        QTRY_COMPARE(value(1, DownloadListModel::ReceivedRole).toInt(), 1000);
        QCOMPARE(state(0), DownloadState::Waiting); // the newest
        QCOMPARE(m_server->requests.size(), 2);
        m_model->pause(value(2, DownloadListModel::IdRole).toInt());
        QTRY_COMPARE(state(0), DownloadState::Running);
        QTRY_COMPARE(state(2), DownloadState::Paused);
        m_model->remove(value(1, DownloadListModel::IdRole).toInt());
        m_model->resume(value(1, DownloadListModel::IdRole).toInt());
        QTRY_COMPARE(state(1), DownloadState::Done);
        QCOMPARE(fileBytes(path("a.gguf")), bodyOf("/a.gguf"));
        QTRY_VERIFY(!files().join(' ').contains("b.gguf")); // what had come of it is gone
    }

    void theSameLinkTwice() {
        m_server->answer = [&](const HttpServer::Request& request) {
            Answer answer{200, bodyOf(request.target), {}};
            answer.stallAfter = 1000;
            return answer;
        };
        make();
        begin("/m.gguf");
        QTRY_COMPARE(value(0, DownloadListModel::ReceivedRole).toInt(), 1000);
        begin("/m.gguf");
        QCOMPARE(m_model->count(), 1);
    }

    void keepBoth_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QStringList>("expected");
        QTest::newRow("one file") << "m.gguf" << QStringList{"m (2).gguf", "m.gguf"};
        QTest::newRow("parts") << "m-00002-of-00002.gguf"
                               << QStringList{"m (2)-00001-of-00002.gguf", "m (2)-00002-of-00002.gguf",
                                              "m-00002-of-00002.gguf"};
    }
    void keepBoth() {
        QFETCH(const QString, name);
        QFETCH(const QStringList, expected);
        QDir().mkpath(m_folder->filePath("models"));
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("mine") == 4);
        file.close();
        make();
        QCOMPARE(m_model->pathOf(link('/' + name)).isEmpty(), expected.size() == 3); // of the first part
        begin('/' + name);
        QTRY_COMPARE(state(0), DownloadState::Failed);
        QCOMPARE(value(0, DownloadListModel::WayOnRole).toInt(), int(WayOn::KeepBoth));
        QVERIFY(m_server->requests.isEmpty());
        m_model->keepBoth(value(0, DownloadListModel::IdRole).toInt());
        QTRY_COMPARE(state(0), DownloadState::Done);
        QCOMPARE(files(), expected);
        QCOMPARE(fileBytes(path(name)), QByteArray("mine"));
    }

    void aFailureAndItsWayOn() {
        m_server->answer = [this](const HttpServer::Request& request) {
            return m_server->requests.size() == 1 ? Answer{503, "busy", {}}
                                                  : Answer{200, bodyOf(request.target), {}};
        };
        make();
        begin("/m.gguf");
        QTRY_COMPARE(state(0), DownloadState::Failed);
        QCOMPARE(value(0, DownloadListModel::WayOnRole).toInt(), int(WayOn::TryAgain));
        QVERIFY(value(0, DownloadListModel::SentenceRole).toString().contains("127.0.0.1"));
        QCOMPARE(m_model->running(), 0);
        m_model->resume(value(0, DownloadListModel::IdRole).toInt());
        QTRY_COMPARE(state(0), DownloadState::Done);
        QVERIFY(value(0, DownloadListModel::SentenceRole).toString().isEmpty());
        m_model->remove(value(0, DownloadListModel::IdRole).toInt());
        QCOMPARE(m_model->count(), 0);
        QCOMPARE(files(), QStringList{"m.gguf"}); // what is complete stays
    }

    void catalogue() {
        make();
        QSet<QString> names, links;
        for (const QVariant& entry : m_model->catalogue()) {
            const QVariantMap model = entry.toMap();
            const ModelLink link = readModelLink(model["link"].toString());
            QVERIFY2(!link.isEmpty(), qPrintable(link.problem));
            QCOMPARE(link.urls[0].scheme(), QStringLiteral("https"));
            for (const char* key : {"name", "parameters", "quantization", "license"})
                QVERIFY2(!model[key].toString().isEmpty(), key);
            QVERIFY(fileNameOf(link.urls[0]).contains(model["quantization"].toString(), Qt::CaseInsensitive));
            QVERIFY((QStringList{"quick", "everyday", "code", "large"}).contains(model["use"].toString()));
            names << model["name"].toString();
            links << model["link"].toString();
        }
        QVERIFY(names.size() >= 5);
        QCOMPARE(names.size(), m_model->catalogue().size());
        QCOMPARE(links.size(), names.size());
    }

private:
    static QByteArray bodyOf(const QByteArray& target) { return ggufBytes(50'000, qHash(target)); }
    QString link(const QString& target) const { return m_server->url(target).toString(); }
    QString path(const QString& name) const { return m_folder->filePath("models/" + name); }
    QStringList files() const {
        return QDir(m_folder->filePath("models")).entryList(QDir::Files, QDir::Name);
    }

    /// Another run of the app.
    void make() {
        m_model.reset();
        m_model = std::make_unique<DownloadListModel>(*m_settings, m_folder->filePath("models"), m_options);
    }
    void begin(const QString& target) {
        m_model->download(link(target));
        m_model->allow();
    }
    QVariant value(int row, int role) const { return m_model->data(m_model->index(row), role); }
    DownloadState::Value state(int row) const {
        return static_cast<DownloadState::Value>(value(row, DownloadListModel::StateRole).toInt());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<HttpServer> m_server;
    std::unique_ptr<Settings> m_settings;
    std::atomic<int> m_managers = 0;
    DownloadOptions m_options;
    std::unique_ptr<DownloadListModel> m_model;
};

QTEST_GUILESS_MAIN(TestDownloadListModel)
#include "tst_download_list_model.moc"
