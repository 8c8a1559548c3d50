#pragma once

#include "attachment.h"
#include "engine_port.h"

#include <QAbstractListModel>
#include <QTimer>
#include <QUrl>
#include <QtQml/qqmlregistration.h>

namespace altiplano::app {

/// What is being written: words and text files, whose tokens the engine counts while the user goes on. The
/// rows are the files. GUI thread only.
class Draft : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Made by the application")
    Q_PROPERTY(QString words MEMBER m_words WRITE setWords NOTIFY changed)
    Q_PROPERTY(int tokens READ tokens NOTIFY tokensChanged)
    Q_PROPERTY(int count READ count NOTIFY changed)
    Q_PROPERTY(QString problem READ problem NOTIFY problemChanged)
public:
    enum Role { NameRole = Qt::UserRole + 1, TokensRole };

    explicit Draft(EnginePort& engine, QObject* parent = nullptr);

    void setWords(const QString& words);
    int tokens() const; ///< of words and files, as far as they have been counted
    int count() const { return static_cast<int>(m_files.size()); }
    QString problem() const { return m_problem; } ///< a sentence: why the last file was refused

    Q_INVOKABLE void attach(const QUrl& file); ///< UTF-8 text of at most kMostBytes, else a problem
    Q_INVOKABLE void remove(int row);
    Q_INVOKABLE void dismissProblem() { setProblem({}); }
    Q_INVOKABLE QString take(); ///< the message as it is sent; the draft is empty again
    Q_INVOKABLE void takeFrom(const QString& message); ///< to write a sent message anew

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    static constexpr qint64 kMostBytes = 1 << 20;

signals:
    void changed();
    void tokensChanged();
    void problemChanged();

private:
    struct File {
        Attachment attachment;
        RequestId request = 0; ///< its count is awaited
        int tokens = -1;       ///< -1: not counted
    };

    void add(Attachment attachment);
    void setProblem(const QString& sentence);
    void countWords();
    void recount();
    void onCounted(RequestId id, quint32 tokens);

    EnginePort& m_engine;
    QString m_words;
    std::vector<File> m_files;
    QString m_problem;
    QTimer m_pause; ///< counts when the typing pauses
    RequestId m_wordsRequest = 0;
    int m_wordsTokens = 0;
};

} // namespace altiplano::app
