#include "downloads/download_failure.h"

#include <QCoreApplication>
#include <QLocale>

namespace altiplano::app {

namespace {

QString translated(const char* text) {
    return QCoreApplication::translate("DownloadFailure", text);
}

} // namespace

QString formatBytes(qint64 bytes) {
    return QLocale().formattedDataSize(bytes, bytes < 1'000'000'000 ? 0 : 1, QLocale::DataSizeSIFormat);
}

QString DownloadFailure::sentence() const {
    switch (kind) {
    case None:
        return {};
    case Unreachable:
        return translated(
                   QT_TRANSLATE_NOOP("DownloadFailure", "%1 cannot be reached. Is this computer online?"))
            .arg(host);
    case NoCertificate:
        return translated(QT_TRANSLATE_NOOP("DownloadFailure",
                                            "%1 could not prove that it is %1, so nothing "
                                            "was taken from it. Check this computer's "
                                            "date, "
                                            "and whether the network wants you to sign in."))
            .arg(host);
    case Dropped:
        return translated(
                   QT_TRANSLATE_NOOP("DownloadFailure", "%1 broke off several times. What has come is kept."))
            .arg(host);
    case Stalled:
        return translated(QT_TRANSLATE_NOOP("DownloadFailure",
                                            "%1 stopped sending several times. What has come is kept."))
            .arg(host);
    case SignInNeeded:
        return translated(QT_TRANSLATE_NOOP("DownloadFailure",
                                            "%1 gives this file only to people who sign in. "
                                            "Download it in the browser, and put it "
                                            "into "
                                            "the models folder."))
            .arg(host);
    case Forbidden:
        return translated(
                   QT_TRANSLATE_NOOP(
                       "DownloadFailure",
                       "%1 does not give out this file. Often its page wants you to accept a license first."))
            .arg(host);
    case NotFound:
        return translated(QT_TRANSLATE_NOOP("DownloadFailure",
                                            "%1 has no such file. It may have been renamed or removed."))
            .arg(host);
    case TooMany:
        return translated(
                   QT_TRANSLATE_NOOP(
                       "DownloadFailure",
                       "%1 has had too many requests from your address. Wait some minutes, then go on."))
            .arg(host);
    case ServerTrouble:
        return translated(QT_TRANSLATE_NOOP("DownloadFailure", "%1 is in trouble (%2). Try again later."))
            .arg(host, detail);
    case Refused:
        return translated(QT_TRANSLATE_NOOP("DownloadFailure", "%1 refused the request (%2)."))
            .arg(host, detail);
    case Insecure:
        return translated(QT_TRANSLATE_NOOP("DownloadFailure", "%1 sends on to a place without https, where "
                                                               "the file could be changed on its way. It was "
                                                               "not "
                                                               "followed."))
            .arg(host);
    case RedirectLoop:
        return translated(
                   QT_TRANSLATE_NOOP("DownloadFailure", "%1 sends from one address to the next without end."))
            .arg(host);
    case WebPage:
        return translated(QT_TRANSLATE_NOOP(
            "DownloadFailure",
            "The link leads to a web page, not to a model file. Copy the link of the file itself."));
    case NotGguf:
        return translated(QT_TRANSLATE_NOOP("DownloadFailure",
                                            "What %1 sends is not a GGUF file, so it was not kept."))
            .arg(host);
    case Changing:
        return translated(
                   QT_TRANSLATE_NOOP(
                       "DownloadFailure",
                       "The file on %1 changes again and again while it is being fetched. Try again later."))
            .arg(host);
    case WrongLength:
        return translated(
                   QT_TRANSLATE_NOOP(
                       "DownloadFailure",
                       "%1 announced %2 bytes and sent %3. The file on the server may just be changing."))
            .arg(host, QLocale().toString(expected), QLocale().toString(got));
    case WrongChecksum:
        return translated(QT_TRANSLATE_NOOP(
            "DownloadFailure",
            "The file arrived damaged: its checksum is not the announced one. It was not kept."));
    case DiskFull:
        return translated(QT_TRANSLATE_NOOP("DownloadFailure",
                                            "The disk is too full: %1 are needed and %2 are "
                                            "free. What has come is kept; make room, "
                                            "then "
                                            "go on."))
            .arg(formatBytes(expected), formatBytes(got));
    case CannotWrite:
        return translated(QT_TRANSLATE_NOOP("DownloadFailure", "The models folder cannot be written: %1"))
            .arg(detail);
    case NameTaken:
        return translated(QT_TRANSLATE_NOOP(
            "DownloadFailure",
            "There is already a file of this name in the models folder. It was left as it is."));
    }
    return {};
}

WayOn::Value DownloadFailure::wayOn() const {
    switch (kind) {
    case None:
        return WayOn::NoWay;
    case Unreachable:
    case NoCertificate:
    case Dropped:
    case Stalled:
    case TooMany:
    case ServerTrouble:
    case Changing:
    case DiskFull:
    case CannotWrite:
        return WayOn::TryAgain;
    case WrongLength:
    case WrongChecksum:
        return WayOn::StartOver;
    case SignInNeeded:
    case Forbidden:
    case NotFound:
    case WebPage:
        return WayOn::OpenPage;
    case Refused:
    case Insecure:
    case RedirectLoop:
    case NotGguf:
        return WayOn::OtherLink;
    case NameTaken:
        return WayOn::KeepBoth;
    }
    return WayOn::NoWay;
}

} // namespace altiplano::app
