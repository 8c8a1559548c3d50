#include "settings/language.h"

#include "settings/settings.h"

#include <QGuiApplication>
#include <QLibraryInfo>

namespace altiplano::app {

namespace {

const QString kKey = QStringLiteral("look/language");

/// The system's own locale where it speaks that language: its numbers may be those of another country.
QLocale localeFor(const QString& language) {
    const QLocale system = QLocale::system();
    const QLocale plain(language);
    return system.language() == plain.language() && system.script() == plain.script() ? system : plain;
}

} // namespace

QString spokenLanguage(const QStringList& wishes) {
    for (const QString& wish : wishes) {
        const QLocale locale(wish);
        if (locale.language() == QLocale::English) return QStringLiteral("en");
        if (locale.language() == QLocale::German) return QStringLiteral("de");
        if (locale.language() == QLocale::Chinese && locale.script() == QLocale::SimplifiedHanScript)
            return QStringLiteral("zh_CN");
    }
    return QStringLiteral("en");
}

Language::Language(const Settings& settings, QObject* parent) : QObject(parent), m_settings(settings) {
    connect(&settings, &Settings::changed, this, [this](const QString& key) {
        if (key == kKey) apply();
    });
    apply();
}

Language::~Language() {
    removeTranslators();
    QLocale::setDefault(m_before);
}

void Language::removeTranslators() {
    for (const auto& translator : m_translators)
        QCoreApplication::removeTranslator(translator.get());
    m_translators.clear();
}

void Language::apply() {
    const QString chosen = m_settings.value("look/language").toString();
    const QString language =
        chosen == QLatin1String("system") ? spokenLanguage(QLocale::system().uiLanguages()) : chosen;
    removeTranslators();
    install(QStringLiteral("qtbase_") + language, QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    install(QStringLiteral("altiplano_") + language, QStringLiteral(":/i18n")); // English has plurals, too
    m_locale = localeFor(language);
    QLocale::setDefault(m_locale);
    QGuiApplication::setLayoutDirection(rightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
    emit changed();
}

void Language::install(const QString& file, const QString& folder) {
    auto translator = std::make_unique<QTranslator>();
    if (!translator->load(file, folder)) return;
    QCoreApplication::installTranslator(translator.get());
    m_translators.push_back(std::move(translator));
}

bool Language::rightToLeft() const {
    return m_locale.textDirection() == Qt::RightToLeft ||
           qEnvironmentVariable("ALTIPLANO_LAYOUT") == QLatin1String("rtl");
}

} // namespace altiplano::app
