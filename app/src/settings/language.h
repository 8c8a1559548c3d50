#pragma once

#include <QLocale>
#include <QObject>
#include <QTranslator>
#include <QtQml/qqmlregistration.h>

#include <memory>
#include <vector>

namespace altiplano::app {

class Settings;

/// The language that the app speaks: as the settings say, else the first of the system's that it knows, else
/// English. Numbers and dates follow it. ALTIPLANO_LAYOUT=rtl lays the window out from right to left whatever
/// the language. One at a time, since texts and the default locale belong to the application. GUI thread
/// only.
class Language : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Made by the application")
    Q_PROPERTY(QString locale READ localeName NOTIFY changed)
    Q_PROPERTY(bool rightToLeft READ rightToLeft NOTIFY changed)
public:
    explicit Language(const Settings& settings, QObject* parent = nullptr); ///< outlive it
    ~Language() override;

    QString localeName() const { return m_locale.name(); } ///< "de_DE"
    bool rightToLeft() const;

signals:
    void changed(); ///< every text is to be asked for again

private:
    void apply();
    void install(const QString& file, const QString& folder);
    void removeTranslators();

    const Settings& m_settings;
    const QLocale m_before;
    QLocale m_locale;
    std::vector<std::unique_ptr<QTranslator>> m_translators;
};

/// Which of the languages that the app speaks ("en", "de", "zh_CN") suits best who wishes for these, the
/// first most.
QString spokenLanguage(const QStringList& wishes);

} // namespace altiplano::app
