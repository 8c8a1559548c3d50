#pragma once

#include <QObject>
#include <QString>
#include <QtQml/qqmlregistration.h>

/// What the button beside a download's failure does.
namespace altiplano::app::WayOn {
Q_NAMESPACE
QML_ELEMENT
enum Value { NoWay, TryAgain, StartOver, OpenPage, OtherLink, KeepBoth };
Q_ENUM_NS(Value)
} // namespace altiplano::app::WayOn

namespace altiplano::app {

/// Why a download stands still without its file.
struct DownloadFailure {
    enum Kind {
        None,
        Unreachable,   ///< no connection came about
        NoCertificate, ///< the server did not prove who it is
        Dropped,       ///< broke off, again and again
        Stalled,       ///< sent nothing for too long, again and again
        SignInNeeded,
        Forbidden,
        NotFound,
        TooMany, ///< 429: too many requests
        ServerTrouble,
        Refused,  ///< any other status
        Insecure, ///< a redirect away from https
        RedirectLoop,
        WebPage,
        NotGguf,
        Changing, ///< another file at each request
        WrongLength,
        WrongChecksum,
        DiskFull,
        CannotWrite,
        NameTaken,
    };

    Kind kind = None;
    QString host;                   ///< the server that answered, or did not
    QString detail;                 ///< a status, or what the system says
    qint64 expected = -1, got = -1; ///< bytes: of the file and what came; or needed and free

    QString sentence() const; ///< what happened and what to do
    WayOn::Value wayOn() const;
};

/// "4.7 GB"
QString formatBytes(qint64 bytes);

} // namespace altiplano::app
