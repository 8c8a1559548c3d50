#include "keyring.h"

#include <qt6keychain/keychain.h>

namespace altiplano::app {

namespace {

const QString kService = QStringLiteral("altiplano");

QString problemOf(const QKeychain::Job& job) {
    if (job.error() == QKeychain::NoError || job.error() == QKeychain::EntryNotFound) return {};
    return job.errorString().isEmpty() ? Keyring::tr("it gave no reason") : job.errorString();
}

/// Jobs delete themselves once they are done. In the clear they never write: that is what the fallback is.
template <typename Job>
Job* newJob(const QString& id, QObject* parent) {
    auto* job = new Job(kService, parent);
    job->setKey(id);
    job->setInsecureFallback(false);
    return job;
}

} // namespace

void Keyring::read(const QString& id, Answer answer) {
    auto* job = newJob<QKeychain::ReadPasswordJob>(id, this);
    connect(job, &QKeychain::Job::finished, this, [job, answer = std::move(answer)] {
        answer({job->error() == QKeychain::NoError ? job->textData() : QString(), problemOf(*job)});
    });
    job->start();
}

void Keyring::write(const QString& id, const QString& key, Answer answer) {
    auto* job = newJob<QKeychain::WritePasswordJob>(id, this);
    job->setTextData(key);
    connect(job, &QKeychain::Job::finished, this, [job, answer = std::move(answer)] {
        answer({{}, problemOf(*job)});
    });
    job->start();
}

void Keyring::remove(const QString& id) {
    newJob<QKeychain::DeletePasswordJob>(id, this)->start();
}

} // namespace altiplano::app
