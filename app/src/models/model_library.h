#pragma once

#include "models/fit_checker.h"
#include "models/model_file_list.h"
#include "models/model_scanner.h"
#include "settings/settings.h"

#include <QFileSystemWatcher>
#include <QSortFilterProxyModel>
#include <QTimer>
#include <QUrl>
#include <QtQml/qqmlregistration.h>

namespace altiplano::app {

/// The model files of any number of folders, as the Models page shows them: searched and in order, those that
/// cannot run last. Looks at nothing until the first refresh; from then on it watches the folders. GUI thread
/// only, and never waits for a disk.
class ModelLibrary : public QSortFilterProxyModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Made by the application")
    Q_PROPERTY(QString searched READ searched WRITE setSearched NOTIFY searchedChanged)
    Q_PROPERTY(Order order READ order WRITE setOrder NOTIFY orderChanged)
    Q_PROPERTY(QString ownFolder READ ownFolder CONSTANT)
    Q_PROPERTY(QStringList addedFolders READ addedFolders NOTIFY foldersChanged)
    Q_PROPERTY(int shown READ shown NOTIFY countChanged)
    Q_PROPERTY(int total READ total NOTIFY countChanged)
    Q_PROPERTY(bool scanning READ scanning NOTIFY scanningChanged)
    Q_PROPERTY(bool incomplete READ incomplete NOTIFY scanningChanged)
    Q_PROPERTY(QString failure READ failure NOTIFY failureChanged)
public:
    enum Order { ByName, BySize, ByNewest };
    Q_ENUM(Order)

    enum { FitRole = ModelFileList::ProblemRole + 1 }; ///< a ModelFit, foreseen once it is asked for

    /// The machine to foresee for: a test's, or this one.
    explicit ModelLibrary(Settings& settings, engine::Forecaster::Machine machine = {},
                          QObject* parent = nullptr);

    void setLoaded(const ModelInfo& info);     ///< the model in use; an empty path: none
    void settingsChanged(const QString& path); ///< how it is to be loaded
    void retranslate();

    Q_INVOKABLE void refresh();
    Q_INVOKABLE void addFolder(const QUrl& folder);
    Q_INVOKABLE void removeFolder(const QString& folder); ///< from the library, not from the disk

    Q_INVOKABLE void showInFiles(const QString& path);
    Q_INVOKABLE void moveToTrash(const QString& path); ///< all parts; what went wrong is in failure
    Q_INVOKABLE void dismissFailure();

    QString searched() const { return m_searched; }
    void
    setSearched(const QString& words); ///< each must be in name, title, file, quantization or architecture
    Order order() const { return m_order; }
    void setOrder(Order order);
    QString ownFolder() const { return m_settings.dataFolder() + QStringLiteral("/models"); }
    QStringList addedFolders() const { return m_settings.modelFolders(); }
    int shown() const { return rowCount(); }
    int total() const { return m_files.rowCount(); }
    bool scanning() const { return m_scanning; }
    bool incomplete() const { return m_incomplete; } ///< there are more files than it looks at

    QString failure() const { return m_failure; } ///< a sentence; empty: none

    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    const ModelFacts* find(const QString& path) const { return m_files.find(path); }

signals:
    void searchedChanged();
    void orderChanged();
    void foldersChanged();
    void countChanged();
    void scanningChanged();
    void failureChanged();

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    void onEnded(const FolderContents& contents);
    void watch(const FolderContents& contents);
    void setFolders(const QStringList& folders);
    void setFailure(const QString& sentence);
    void foreseeAgain();
    void tellFit(const QString& path);

    Settings& m_settings;
    ModelFileList m_files;
    ModelScanner m_scanner;
    QFileSystemWatcher m_watcher;
    QTimer m_soon; ///< what changes often is looked at now and then
    QString m_searched;
    QStringList m_words;
    Order m_order = ByName;
    bool m_scanning = false, m_incomplete = false;
    QString m_failure;
    ModelInfo m_loaded;
    QHash<QString, ModelFit> m_fits;
    mutable QSet<QString> m_asked; ///< paths whose newest fit is here or on its way
    mutable FitChecker m_fitChecker;
    WorkThread m_disk; ///< for what may take long; last: it uses the above
};

} // namespace altiplano::app
