#include "http_server.h"
#include "window_session.h"

#include <QAccessible>
#include <QDir>
#include <QTemporaryDir>

#include <dlfcn.h>
#include <netdb.h>
#include <sys/socket.h>

#include <atomic>

using namespace altiplano;
using namespace altiplano::app;
using Answer = HttpServer::Answer;

namespace {
std::atomic<int> internetUses = 0;
} // namespace

// What anything in this process says to the system about the internet passes here, and is counted.
extern "C" int socket(int domain, int type, int protocol) noexcept {
    static const auto real = reinterpret_cast<int (*)(int, int, int)>(dlsym(RTLD_NEXT, "socket"));
    if (domain == AF_INET || domain == AF_INET6) ++internetUses;
    return real(domain, type, protocol);
}
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** result) {
    static const auto real = reinterpret_cast<int (*)(const char*, const char*, const addrinfo*, addrinfo**)>(
        dlsym(RTLD_NEXT, "getaddrinfo"));
    ++internetUses;
    return real(node, service, hints, result);
}

/// Downloads on the Models page of the real window.
class TestDownloads : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { setUpWindowTests(); }
    void init() { m_folder = emptyFolder(); }

    /// The whole app in use, up to the question whether a server may be asked: the internet is not touched.
    void nothingGoesOverTheNetworkUnasked() {
        internetUses = 0;
        WindowSession s(m_folder->path());
        s.showReady();
        s.say("A question");
        openPanel(s);
        typeLink(s, "https://models.example.org/m.gguf");
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.shown("Contact models.example.org?"));
        s.key(Qt::Key_Escape);
        QTRY_VERIFY(!s.shown("Contact models.example.org?"));
        s.click(catalogueButton(s));
        QTRY_VERIFY(s.shown("Contact huggingface.co?"));
        s.key(Qt::Key_Escape);
        QTest::qWait(200);
        QCOMPARE(internetUses.load(), 0);
        QCOMPARE(downloads(s).count(), 0);

        // And the counter counts.
        HttpServer server;
        server.answer = [](const auto&) { return Answer{404, "no", {}}; };
        internetUses = 0;
        downloads(s).download(server.url("/m.gguf").toString());
        downloads(s).allow();
        QTRY_COMPARE(server.requests.size(), 1);
        QVERIFY(internetUses > 0);
    }

    void fromALinkToTheLoadedModel() {
        HttpServer server;
        const QByteArray body = ggufBytes(400'000, 5);
        server.answer = [&](const auto&) {
            Answer answer{200, body, "\"x\""};
            if (server.requests.size() == 1) answer.stallAfter = 100'000;
            return answer;
        };
        WindowSession s(m_folder->path());
        s.showReady();
        openPanel(s);
        typeLink(s, server.url("/new-model.gguf").toString());
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.named("allowHost") && s.named("allowHost")->hasActiveFocus());
        s.key(Qt::Key_Return); // by keyboard alone
        QTRY_VERIFY(s.shown("new-model.gguf"));
        QTRY_VERIFY(s.shown("Pause"));
        const QString path = m_folder->filePath("models/new-model.gguf");
        QTRY_COMPARE(QFileInfo(path + ".part").size(), 100'000);
        s.click(s.shown("Pause"));
        QTRY_VERIFY(s.shown("Resume"));
        s.click(s.shown("Resume"));
        QTRY_VERIFY(QFile::exists(path));
        QTRY_VERIFY(rowButton(s, "Load"));
        s.click(rowButton(s, "Load"));
        QTRY_COMPARE(s.main->context().model()->path(), path);
        QCOMPARE(server.requests[1].from(), 100'000);
    }

    void anErrorSaysWhatToDo() {
        HttpServer server;
        server.answer = [&](const auto&) {
            return server.requests.size() == 1 ? Answer{503, "busy", {}}
                                               : Answer{200, ggufBytes(1000, 1), {}};
        };
        WindowSession s(m_folder->path());
        s.settings.allowHost("127.0.0.1");
        s.showReady();
        openPanel(s);
        typeLink(s, server.url("/m.gguf").toString());
        s.click(s.named("downloadButton"));
        QTRY_VERIFY(s.shown("127.0.0.1 is in trouble (503). Try again later."));
        QCOMPARE(announced(s),
                 "The download of m.gguf failed. 127.0.0.1 is in trouble (503). Try again later.");
        QTRY_VERIFY(rowButton(s, "Try again"));
        s.click(rowButton(s, "Try again"));
        QTRY_VERIFY(rowButton(s, "Load"));
        QCOMPARE(announced(s), "m.gguf is downloaded");
    }

    void cancellingAsksBeforeItDeletes() {
        HttpServer server;
        server.answer = [&](const auto&) {
            Answer answer{200, ggufBytes(400'000, 5), {}};
            answer.stallAfter = 100'000;
            return answer;
        };
        WindowSession s(m_folder->path());
        s.settings.allowHost("127.0.0.1");
        s.showReady();
        openPanel(s);
        typeLink(s, server.url("/m.gguf").toString());
        s.key(Qt::Key_Return);
        QTRY_VERIFY(QFileInfo(m_folder->filePath("models/m.gguf.part")).size() == 100'000);
        QTRY_VERIFY(downloads(s).data(downloads(s).index(0), DownloadListModel::ReceivedRole).toInt() > 0);
        s.click(s.shown("Cancel m.gguf"));
        QTRY_VERIFY(s.shown("Delete"));
        QVERIFY(QFile::exists(m_folder->filePath("models/m.gguf.part")));
        s.click(s.shown("Delete"));
        QTRY_COMPARE(QDir(m_folder->filePath("models")).entryList(QDir::Files), QStringList());
        QTRY_VERIFY(s.named("downloadLink")->hasActiveFocus());
    }

    void aBadLinkIsToldWhileTyping() {
        WindowSession s(m_folder->path());
        s.showReady();
        openPanel(s);
        typeLink(s, "http://example.org/m.gguf");
        QTRY_VERIFY(
            s.shown("Only https links are followed: what comes over http can be changed on its way."));
        QVERIFY(!s.named("downloadButton")->isEnabled());
    }

    void everyControlHasANameAndRole() {
        WindowSession s(m_folder->path());
        s.showReady();
        openPanel(s);
        int controls = 0;
        for (QQuickItem* item : WindowSession::itemsBelow(s.named("downloadPanel"))) {
            if (!item->isVisible() || !item->activeFocusOnTab()) continue;
            QAccessibleInterface* accessible = QAccessible::queryAccessibleInterface(item);
            QVERIFY2(accessible && !accessible->text(QAccessible::Name).isEmpty(),
                     item->metaObject()->className());
            QVERIFY(accessible->role() == QAccessible::Button ||
                    accessible->role() == QAccessible::EditableText);
            ++controls;
        }
        QVERIFY(controls > 5);
    }

private:
    /// What a screen reader was told last.
    static QString announced(const WindowSession& s) {
        QAccessibleInterface* told = QAccessible::queryAccessibleInterface(s.named("announcer"));
        return told ? told->text(QAccessible::Name) : QString();
    }
    static DownloadListModel& downloads(const WindowSession& s) { return *s.main->context().downloads(); }

    /// The end of the Models page.
    static void openPanel(const WindowSession& s) {
        s.key(Qt::Key_M, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(s.named("downloadPanel"));
        s.window()->setHeight(1600); // all of it is in sight
        QTRY_VERIFY(s.named("downloadLink")->isVisible());
        QTest::qWait(50);
    }
    static void typeLink(const WindowSession& s, const QString& link) {
        s.click(s.named("downloadLink"));
        QTRY_VERIFY(s.named("downloadLink")->hasActiveFocus());
        s.type(link);
    }
    static QQuickItem* catalogueButton(const WindowSession& s) {
        const QString link = downloads(s).catalogue().first().toMap()["link"].toString();
        for (QQuickItem* item : WindowSession::itemsBelow(s.named("downloadPanel")))
            if (item->property("link").toString() == link)
                for (QQuickItem* inner : WindowSession::itemsBelow(item))
                    if (inner->property("text").toString() == QLatin1String("Download")) return inner;
        return nullptr;
    }
    /// In the rows of the downloads.
    static QQuickItem* rowButton(const WindowSession& s, const QString& text) {
        for (QQuickItem* item : WindowSession::itemsBelow(s.named("downloadPanel")))
            if (item->property("downloadId").isValid())
                for (QQuickItem* inner : WindowSession::itemsBelow(item))
                    if (inner->isVisible() && inner->activeFocusOnTab() &&
                        inner->property("text").toString() == text)
                        return inner;
        return nullptr;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_MAIN(TestDownloads)
#include "tst_downloads.moc"
