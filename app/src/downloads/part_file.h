#pragma once

#include <QByteArray>
#include <QCryptographicHash>
#include <QFile>
#include <QString>
#include <QStringList>
#include <QUrl>

namespace altiplano::app {

/// A file that is not complete yet: FOLDER/NAME.part, and beside it NAME.part.json with what is known of it,
/// so that another run of the app can go on. One thread at a time.
class PartFile {
public:
    struct Facts {
        QUrl url;
        QByteArray etag, lastModified; ///< of the answer whose bytes these are
        QByteArray sha256;             ///< as 64 digits; empty: nobody told
        qint64 size = -1;              ///< of the whole file; -1: nobody told
    };

    PartFile(const QString& folder, const QString& name);

    /// The names of all files of a folder that are not complete.
    static QStringList namesIn(const QString& folder);

    const QString& name() const { return m_name; }
    QString path() const { return m_folder + u'/' + m_name; } ///< where it will be
    bool isTaken() const; ///< another file is there, or a part from another link than facts().url

    Facts facts;         ///< read from the disk, if they are there; change them, then save()
    bool exists() const; ///< facts are on the disk

    /// False: see error(). Nothing else touches the disk before open() or save().
    bool open();
    bool save();

    qint64 size() const { return m_size; }
    bool append(const QByteArray& bytes); ///< and hashes them, if all before are hashed and it matters
    bool clear();                         ///< back to nothing; the facts stay
    void flush();
    bool hashSome();           ///< a slice of what is not hashed yet; false: all is, or it cannot be read
    QByteArray sha256() const; ///< of what is hashed, as 64 digits
    bool complete();           ///< to the disk, then under its name; never over another file
    void remove();

    QString error() const { return m_error; }
    bool isDiskFull() const { return m_full; } ///< that was the error

private:
    QString partPath() const { return path() + QStringLiteral(".part"); }
    QString factsPath() const { return path() + QStringLiteral(".part.json"); }
    bool failed(const QFileDevice& file);

    QString m_folder, m_name;
    QFile m_file;
    qint64 m_size = 0;
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
    qint64 m_hashed = 0;
    QString m_error;
    bool m_full = false;
};

} // namespace altiplano::app
