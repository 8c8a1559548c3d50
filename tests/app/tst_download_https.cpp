#include "download_fixture.h"

#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>

using namespace altiplano::app;
using Answer = HttpServer::Answer;

namespace {

QString data(const char* name) {
    return QStringLiteral(TEST_DATA "/https/") + QLatin1String(name);
}

QSslConfiguration serverSide() {
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    QFile key(data("server.pem"));
    if (key.open(QIODevice::ReadOnly)) tls.setPrivateKey(QSslKey(key.readAll(), QSsl::Rsa));
    tls.setLocalCertificate(QSslCertificate::fromPath(data("server.pem")).value(0));
    return tls;
}

} // namespace

/// Downloads over https, from a server on this machine whose authority only this test knows.
class TestDownloadHttps : public QObject, DownloadFixture {
    Q_OBJECT
private slots:
    void init() {
        if (!QSslSocket::supportsSsl()) QSKIP("Qt has no TLS here");
        reset();
        QSslConfiguration::setDefaultConfiguration(m_usual);
        m_server = std::make_unique<HttpServer>(serverSide());
        serve(whole());
    }
    void cleanupTestCase() { QSslConfiguration::setDefaultConfiguration(m_usual); }

    void wholeFile() {
        trustTheAuthority();
        QVERIFY(ends(*begin(), DownloadState::Done));
        QCOMPARE(fileBytes(path()), m_body);
        QCOMPARE(m_server->requests.size(), 1);
    }

    void goesOnAfterADrop() {
        trustTheAuthority();
        m_server->answer = [this](const auto&) {
            Answer answer = whole();
            if (m_server->requests.size() == 1) answer.cutAfter = 100'000;
            return answer;
        };
        QVERIFY(ends(*begin(), DownloadState::Done));
        QCOMPARE(fileBytes(path()), m_body);
        QCOMPARE(m_server->requests.size(), 2);
        QVERIFY(m_server->requests[1].from() > 0);
    }

    /// Nothing is asked of a server that cannot show who it is, and no byte of it is kept.
    void anUnknownAuthority() {
        const auto download = fails(DownloadFailure::NoCertificate);
        QCOMPARE(m_server->requests.size(), 0);
        QCOMPARE(files(), QStringList());
    }

private:
    void trustTheAuthority() const {
        QSslConfiguration tls = m_usual;
        QVERIFY(tls.addCaCertificates(data("authority.pem")));
        QSslConfiguration::setDefaultConfiguration(tls);
    }

    const QSslConfiguration m_usual = QSslConfiguration::defaultConfiguration();
};

QTEST_GUILESS_MAIN(TestDownloadHttps)
#include "tst_download_https.moc"
