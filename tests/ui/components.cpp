// Runs tests/ui/components/tst_*.qml against the components as they are compiled in.
#include "icon_provider.h"

#include <QLocale>
#include <QQmlEngine>
#include <QtQuickTest>

class Setup : public QObject {
    Q_OBJECT
public slots:
    void applicationAvailable() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void qmlEngineAvailable(QQmlEngine* engine) {
        engine->addImportPath(QStringLiteral("qrc:/"));
        engine->addImageProvider(QStringLiteral("icon"), new altiplano::app::IconProvider);
    }
};

QUICK_TEST_MAIN_WITH_SETUP(components, Setup)
#include "components.moc"
