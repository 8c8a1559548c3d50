#include "downloads/download.h"

#include "downloads/download_options.h"
#include "downloads/http_headers.h"
#include "downloads/model_link.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>

namespace altiplano::app {

namespace {

constexpr int kMostRedirects = 10;
constexpr int kMostRestarts = 3;             ///< because the file changed under way
constexpr qint64 kWorthwhile = 1 << 20;      ///< bytes after which an answer was no failure
constexpr qint64 kRoomCheckEvery = 32 << 20; ///< bytes
constexpr qint64 kReadBuffer = 8 << 20;
const QByteArray kMagic = "GGUF";

int statusOf(const QNetworkReply& reply) {
    return reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

DownloadFailure::Kind failureOf(int status) {
    switch (status) {
    case 401:
        return DownloadFailure::SignInNeeded;
    case 403:
        return DownloadFailure::Forbidden;
    case 404:
    case 410:
        return DownloadFailure::NotFound;
    case 429:
        return DownloadFailure::TooMany;
    default:
        return status >= 500 ? DownloadFailure::ServerTrouble : DownloadFailure::Refused;
    }
}

qint64 numberIn(const QByteArray& header) {
    bool isNumber = false;
    const qint64 number = header.trimmed().toLongLong(&isNumber);
    return isNumber && number >= 0 ? number : -1;
}

} // namespace

Download::Download(const QUrl& url, const QString& folder, const QString& name,
                   std::function<QNetworkAccessManager&()> network, const DownloadOptions& options)
    : m_url(url), m_folder(folder), m_network(std::move(network)), m_options(options), m_host(url.host()) {
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this,
            [this] { m_state == DownloadState::Checking ? check() : request(); });
    setName(name);
}

Download::~Download() {
    dropReply();
}

void Download::setName(const QString& name) {
    m_part = std::make_unique<PartFile>(m_folder, name);
    if (m_part->exists())
        m_nameIsFixed = true; // whose it is shows in request()
    else
        m_part->facts.url = m_url;
}

void Download::keepName() {
    m_nameIsFixed = true;
}

bool Download::reserve() {
    keepName();
    return m_part->exists() || m_part->save();
}

int Download::retryMs() const {
    return m_state == DownloadState::Waiting && m_timer.isActive() ? m_timer.remainingTime() : -1;
}

void Download::setState(DownloadState::Value state) {
    if (m_state == state) return;
    m_state = state;
    emit stateChanged();
}

void Download::queue() {
    if (m_reply || m_state == DownloadState::Checking || m_state == DownloadState::Done) return;
    m_timer.stop();
    m_failure = {};
    setState(DownloadState::Waiting);
}

void Download::start() {
    if (m_reply || m_state == DownloadState::Checking || m_state == DownloadState::Done) return;
    queue();
    m_tries = m_restarts = 0;
    m_answered = false;
    request();
}

void Download::pause() {
    if (m_state == DownloadState::Done) return;
    m_timer.stop();
    dropReply();
    m_part->flush();
    setState(DownloadState::Paused);
}

void Download::startOver() {
    pause();
    m_part->remove();
    start();
}

void Download::discard() {
    pause();
    if (isReserved()) m_part->remove();
}

void Download::dropReply() {
    if (!m_reply) return;
    m_reply->disconnect(this);
    m_reply->deleteLater(); // which ends the connection; abort() might tell Qt of a second error
    m_reply = nullptr;
}

/// Asks for what is missing, which may be nothing.
void Download::request() {
    m_host = m_url.host();
    if (isTaken()) return fail(DownloadFailure::NameTaken);
    if (m_part->exists() && !m_part->open()) return fail(DownloadFailure::CannotWrite, m_part->error());
    if (size() >= 0 && received() > size()) m_part->clear();
    if (received() > 0 && received() == size()) return check();
    if (!hasRoom()) return;
    m_redirects = 0;
    m_linkedSize = -1;
    m_linkedSha256.clear();
    send(m_url);
}

bool Download::isResumable() const {
    const PartFile::Facts& facts = m_part->facts;
    return received() > 0 &&
           (isStrongETag(facts.etag) || !facts.lastModified.isEmpty() || !facts.sha256.isEmpty());
}

void Download::send(const QUrl& url) {
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false); // for one big file it gains nothing
    request.setTransferTimeout(m_options.stallMs);
    request.setRawHeader("User-Agent", "Altiplano");
    request.setRawHeader("Accept-Encoding", "identity"); // lengths and checksums are of the bytes as they are
    if (isResumable()) {
        const PartFile::Facts& facts = m_part->facts;
        request.setRawHeader("Range", "bytes=" + QByteArray::number(received()) + '-');
        if (isStrongETag(facts.etag))
            request.setRawHeader("If-Range", facts.etag);
        else if (!facts.lastModified.isEmpty())
            request.setRawHeader("If-Range", facts.lastModified);
    }
    m_host = url.host();
    m_taking = false;
    m_ofThisAnswer = 0;
    m_reply = m_network().get(request);
    m_reply->setReadBufferSize(kReadBuffer);
    connect(m_reply, &QNetworkReply::readyRead, this, &Download::onReadyRead);
    connect(m_reply, &QNetworkReply::finished, this, &Download::onFinished);
    setState(DownloadState::Running);
}

void Download::onReadyRead() {
    const int status = statusOf(*m_reply);
    if (status != 200 && status != 206) return;
    if (received() == 0 && m_reply->bytesAvailable() < kMagic.size()) return; // see take()
    if (!m_taking && !takeAnswer()) return;
    take(m_reply->readAll());
}

/// Makes the part fit the answer; false: nothing is taken from it.
bool Download::takeAnswer() {
    m_answered = true;
    noteLinkedFacts();
    const bool fits = statusOf(*m_reply) == 206 ? takeRest() : takeWhole();
    m_taking = fits;
    return fits;
}

bool Download::takeRest() {
    const auto range = readContentRange(m_reply->rawHeader("Content-Range"));
    const QByteArray etag = m_reply->rawHeader("ETag");
    const PartFile::Facts& facts = m_part->facts;
    const bool same = range && range->first == received() &&
                      (range->total < 0 || size() < 0 || range->total == size()) &&
                      (etag.isEmpty() || facts.etag.isEmpty() || etag == facts.etag) &&
                      (m_linkedSha256.isEmpty() || facts.sha256.isEmpty() || m_linkedSha256 == facts.sha256);
    if (!same) {
        again();
        return false;
    }
    if (size() < 0) m_part->facts.size = range->total;
    return hasRoom();
}

bool Download::takeWhole() {
    const QString given = safeFileName(dispositionFileName(m_reply->rawHeader("Content-Disposition")));
    if (!m_nameIsFixed && !given.isEmpty() && given != name()) {
        setName(given);
        if (isTaken()) {
            fail(DownloadFailure::NameTaken);
            return false;
        }
    }
    PartFile::Facts& facts = m_part->facts;
    facts.etag = m_reply->rawHeader("ETag");
    facts.lastModified = m_reply->rawHeader("Last-Modified");
    facts.sha256 = m_linkedSha256;
    facts.size = numberIn(m_reply->rawHeader("Content-Length"));
    if (facts.size < 0) facts.size = m_linkedSize;
    if (m_linkedSize >= 0 && facts.size != m_linkedSize) {
        fail(DownloadFailure::WrongLength, {}, m_linkedSize, facts.size);
        return false;
    }
    m_nameIsFixed = true;
    if (!m_part->save() || !m_part->open() || !m_part->clear()) {
        fail(m_part->isDiskFull() ? DownloadFailure::DiskFull : DownloadFailure::CannotWrite, m_part->error(),
             size(), m_options.freeBytes(m_folder));
        return false;
    }
    return hasRoom();
}

/// The first bytes come at least four at a time.
bool Download::take(const QByteArray& bytes) {
    if (bytes.isEmpty()) return true;
    if (received() == 0 && !bytes.startsWith(kMagic)) {
        const bool page =
            m_reply->rawHeader("Content-Type").contains("html") || bytes.trimmed().startsWith('<');
        m_part->remove();
        fail(page ? DownloadFailure::WebPage : DownloadFailure::NotGguf);
        return false;
    }
    if (size() >= 0 && received() + bytes.size() > size()) {
        const qint64 expected = size(), got = received() + bytes.size();
        m_part->remove();
        fail(DownloadFailure::WrongLength, {}, expected, got);
        return false;
    }
    if (!m_part->append(bytes)) {
        fail(m_part->isDiskFull() ? DownloadFailure::DiskFull : DownloadFailure::CannotWrite, m_part->error(),
             std::max<qint64>(0, size() - received()), m_options.freeBytes(m_folder));
        return false;
    }
    m_ofThisAnswer += bytes.size();
    if (m_ofThisAnswer >= kWorthwhile) m_tries = 0;
    m_sinceRoomCheck += bytes.size();
    return m_sinceRoomCheck < kRoomCheckEvery || hasRoom();
}

/// For what is to come, as far as that is known.
bool Download::hasRoom() {
    m_sinceRoomCheck = 0;
    const qint64 wanted = size() < 0 ? 0 : size() - received() + m_filesToCome * size();
    const qint64 free = m_options.freeBytes(m_folder);
    if (free < 0 || free >= wanted + m_options.reserveBytes) return true; // < 0: not known
    fail(DownloadFailure::DiskFull, {}, wanted + m_options.reserveBytes, free);
    return false;
}

void Download::onFinished() {
    const QNetworkReply::NetworkError error = m_reply->error();
    const int status = statusOf(*m_reply);
    if (status >= 300 && status < 400 && status != 304) return followRedirect();
    if (status == 416 && received() > 0) return again();
    if (status >= 400) {
        const QString reason = m_reply->attribute(QNetworkRequest::HttpReasonPhraseAttribute).toString();
        const DownloadFailure::Kind kind = failureOf(status);
        return kind == DownloadFailure::ServerTrouble || kind == DownloadFailure::TooMany
                   ? retry(kind)
                   : fail(kind, QStringLiteral("%1 %2").arg(status).arg(reason).trimmed());
    }
    if (error == QNetworkReply::SslHandshakeFailedError) return fail(DownloadFailure::NoCertificate);
    if ((status == 200 || status == 206) && m_reply->isOpen()) {
        const bool begun =
            error == QNetworkReply::NoError || m_taking || m_reply->bytesAvailable() >= kMagic.size();
        if (begun && !m_taking && !takeAnswer()) return;
        if (begun && !take(m_reply->readAll())) return;
    }
    if (error == QNetworkReply::OperationCanceledError) return retry(DownloadFailure::Stalled);
    if (error == QNetworkReply::RemoteHostClosedError || (error != QNetworkReply::NoError && status > 0))
        return retry(DownloadFailure::Dropped);
    if (error != QNetworkReply::NoError) return retry(DownloadFailure::Unreachable);
    onBodyEnd();
}

void Download::followRedirect() {
    const QUrl from = m_reply->url();
    const QUrl to = from.resolved(QUrl::fromEncoded(m_reply->rawHeader("Location")));
    noteLinkedFacts();
    dropReply();
    if (!mayRedirect(from, to)) return fail(DownloadFailure::Insecure);
    if (++m_redirects > kMostRedirects) return fail(DownloadFailure::RedirectLoop);
    send(to);
}

/// Hugging Face tells size and SHA-256 of the file on the way to it.
void Download::noteLinkedFacts() {
    const qint64 bytes = numberIn(m_reply->rawHeader("X-Linked-Size"));
    const QByteArray sha256 = sha256FromETag(m_reply->rawHeader("X-Linked-ETag"));
    if (bytes >= 0) m_linkedSize = bytes;
    if (!sha256.isEmpty()) m_linkedSha256 = sha256;
}

void Download::onBodyEnd() {
    dropReply();
    if (received() == 0) {
        m_part->remove();
        return fail(DownloadFailure::NotGguf);
    }
    if (size() < 0) {
        m_part->facts.size = received();
        m_part->save();
    }
    if (received() < size()) return retry(DownloadFailure::Dropped);
    check();
}

/// A slice at a time, so that other downloads and a pause get their turn.
void Download::check() {
    setState(DownloadState::Checking);
    const QByteArray expected = m_part->facts.sha256;
    if (expected.isEmpty()) return finish();
    if (m_part->hashSome()) return m_timer.start(0);
    if (m_part->sha256() == expected) return finish();
    m_part->remove();
    fail(DownloadFailure::WrongChecksum);
}

void Download::finish() {
    if (m_part->complete()) return setState(DownloadState::Done);
    fail(isTaken() ? DownloadFailure::NameTaken : DownloadFailure::CannotWrite, m_part->error());
}

/// The part and the server's file are not of the same file any more: from the beginning.
void Download::again() {
    dropReply();
    if (++m_restarts > kMostRestarts) return fail(DownloadFailure::Changing);
    m_part->remove();
    m_part->facts = {m_url, {}, {}, {}, -1};
    request();
}

/// After a while, if that may help.
void Download::retry(DownloadFailure::Kind kind) {
    const QString status = m_reply && statusOf(*m_reply) ? QString::number(statusOf(*m_reply)) : QString();
    dropReply();
    const bool hopeful = m_answered || kind == DownloadFailure::Dropped || kind == DownloadFailure::Stalled;
    if (!hopeful || m_tries >= static_cast<int>(m_options.pausesMs.size())) return fail(kind, status);
    m_part->flush();
    m_timer.start(m_options.pausesMs[static_cast<size_t>(m_tries++)]);
    setState(DownloadState::Waiting);
}

void Download::fail(DownloadFailure::Kind kind, const QString& detail, qint64 expected, qint64 got) {
    m_failure = {kind, m_host, detail, expected, got};
    m_timer.stop();
    dropReply();
    setState(DownloadState::Failed);
}

} // namespace altiplano::app
