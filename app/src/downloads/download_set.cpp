#include "downloads/download_set.h"

#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>

namespace altiplano::app {

namespace {

constexpr int kTickMs = 250;
constexpr qint64 kRateMs = 5000; ///< over which the rate is taken

const QRegularExpression& partForm() {
    static const QRegularExpression form(QStringLiteral("-(\\d{5})-of-\\d{5}(?=\\.gguf$)"),
                                         QRegularExpression::CaseInsensitiveOption);
    return form;
}

} // namespace

QString numberedName(const QString& name, int number) {
    const auto match = partForm().match(name);
    const qsizetype at = match.hasMatch() ? match.capturedStart() : name.lastIndexOf(u'.');
    return QString(name).insert(at, QStringLiteral(" (%1)").arg(number));
}

QString partName(const QString& name, int part) {
    const auto match = partForm().match(name);
    if (!match.hasMatch()) return name;
    return QString(name).replace(match.capturedStart(1), 5,
                                 QStringLiteral("%1").arg(part, 5, 10, QLatin1Char('0')));
}

DownloadSet::DownloadSet(int id, const QList<QUrl>& urls, const QString& folder, const QString& name,
                         const std::function<QNetworkAccessManager&()>& network,
                         const DownloadOptions& options)
    : m_id(id) {
    int part = 0;
    for (const QUrl& url : urls) {
        m_files.push_back(std::make_unique<Download>(url, folder, partName(name, ++part), network, options));
        m_files.back()->setFilesToCome(static_cast<int>(urls.size()) - part);
        connect(m_files.back().get(), &Download::stateChanged, this, &DownloadSet::onStateChanged);
    }
    m_tick.setInterval(kTickMs);
    connect(&m_tick, &QTimer::timeout, this, &DownloadSet::changed);
    m_clock.start();
}

void DownloadSet::setNames(const QString& first) {
    int part = 0;
    for (const auto& file : m_files) {
        file->setName(partName(first, ++part));
        file->keepName();
    }
}

/// Of a set that was begun in another run, the files that are there are its own; else they are in the way.
void DownloadSet::begin() {
    m_begun = true;
    m_current = 0;
    if (m_files.size() == 1) return;
    const auto inTheWay =
        std::find_if(m_files.begin(), m_files.end(), [](const auto& file) { return file->isTaken(); });
    if (isReserved()) {
        for (const auto& file : m_files)
            if (!file->isTaken()) file->reserve();
        while (m_current + 1 < m_files.size() && current().isTaken())
            ++m_current;
    } else if (inTheWay != m_files.end()) {
        m_begun = false;
        m_current = static_cast<size_t>(inTheWay - m_files.begin());
    } else {
        for (const auto& file : m_files)
            file->reserve();
    }
}

void DownloadSet::queue() {
    current().queue();
}

void DownloadSet::start() {
    if (!m_begun) begin();
    current().start();
}

bool DownloadSet::isReserved() const {
    return std::any_of(m_files.begin(), m_files.end(), [](const auto& file) { return file->isReserved(); });
}

void DownloadSet::pause() {
    if (!m_begun && isReserved()) begin(); // what another run left shows how far it is
    current().pause();
}

void DownloadSet::startOver() {
    current().startOver();
}

void DownloadSet::keepBoth() {
    const QString name = m_files.front()->name();
    const auto taken = [](const auto& file) { return file->isTaken(); };
    for (int number = 2; std::any_of(m_files.begin(), m_files.end(), taken); ++number)
        setNames(numberedName(name, number));
    m_begun = false;
    start();
}

void DownloadSet::discard() {
    for (const auto& file : m_files)
        file->discard();
}

void DownloadSet::onStateChanged() {
    const DownloadState::Value state = current().state();
    if (state == DownloadState::Done && m_current + 1 < m_files.size()) {
        do
            ++m_current;
        while (m_current + 1 < m_files.size() && current().isTaken());
        emit changed();
        return current().start();
    }
    if (isBusy())
        m_tick.start();
    else
        m_tick.stop();
    if (state != DownloadState::Running) m_history.clear();
    emit changed();
}

bool DownloadSet::isBusy() const {
    return state() == DownloadState::Running || state() == DownloadState::Checking ||
           current().retryMs() >= 0;
}

qint64 DownloadSet::received() const {
    qint64 sum = current().received();
    for (size_t i = 0; i < m_current; ++i)
        sum += QFileInfo(m_files[i]->path()).size();
    return sum;
}

/// Parts not asked for yet count as large as this one.
qint64 DownloadSet::size() const {
    if (current().size() < 0) return -1;
    const auto left = static_cast<qint64>(m_files.size() - m_current);
    return received() - current().received() + left * current().size();
}

double DownloadSet::rate() {
    if (state() != DownloadState::Running) return 0;
    m_history.emplace_back(m_clock.elapsed(), received());
    while (m_history.back().first - m_history.front().first > kRateMs)
        m_history.pop_front();
    const auto [fromMs, fromBytes] = m_history.front();
    const auto [toMs, toBytes] = m_history.back();
    return toMs > fromMs ? std::max(0.0, static_cast<double>(toBytes - fromBytes) * 1e3 /
                                             static_cast<double>(toMs - fromMs))
                         : 0;
}

DownloadStatus DownloadSet::status() {
    const Download& now = current();
    DownloadStatus status;
    status.id = m_id;
    status.state = now.state();
    status.name = m_files.front()->name();
    status.path = m_files.front()->path();
    status.url = m_files.front()->url();
    status.host = now.host();
    status.received = received();
    status.size = size();
    status.bytesPerSecond = rate();
    status.retryMs = now.retryMs();
    status.file = static_cast<int>(m_current) + 1;
    status.files = static_cast<int>(m_files.size());
    status.verified =
        std::all_of(m_files.begin(), m_files.end(), [](const auto& f) { return f->isVerified(); });
    status.failure = now.failure().kind;
    status.wayOn = now.failure().wayOn();
    status.sentence = now.failure().sentence();
    return status;
}

} // namespace altiplano::app
