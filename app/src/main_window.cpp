#include "main_window.h"

#include "icon_provider.h"
#include "startup_clock.h"

#include <QDir>
#include <QGuiApplication>
#include <QIcon>
#include <QQmlError>
#include <QQuickWindow>
#include <QTimer>

#include <stdexcept>

namespace altiplano::app {

MainWindow::MainWindow(EnginePort& engine, Settings& settings, const QUrl& page,
                       std::unique_ptr<KeyStore> keys)
    : m_settings(settings), m_context(engine, settings, std::move(keys)) {
    QObject::connect(m_context.language(), &Language::changed, &m_qml, &QQmlEngine::retranslate);
    m_qml.addImportPath(QStringLiteral("qrc:/"));
    m_qml.addImageProvider(QStringLiteral("icon"), new IconProvider); // owned by the QML engine
    const QSize size = settings.windowSize();
    m_qml.setInitialProperties({{QStringLiteral("app"), QVariant::fromValue(&m_context)},
                                {QStringLiteral("width"), size.width()},
                                {QStringLiteral("height"), size.height()}});
    QString why = page.toString();
    const auto listening =
        QObject::connect(&m_qml, &QQmlEngine::warnings,
                         [&why](const QList<QQmlError>& errors) { why = errors.constFirst().toString(); });
    m_qml.load(page);
    QObject::disconnect(listening);
    m_window = qobject_cast<QQuickWindow*>(m_qml.rootObjects().value(0));
    if (!m_window) throw std::runtime_error("The window could not be loaded: " + why.toStdString());
}

MainWindow::~MainWindow() {
    m_settings.setModelInUse({}); // this is no crash
    if (m_window && m_window->visibility() == QWindow::Windowed) m_settings.setWindowSize(m_window->size());
}

void MainWindow::show(const QString& modelPath) {
    const auto open = [this, modelPath] {
        logStartup("window shown");
        m_context.model()->openFirst(modelPath);
    };
    QObject::connect(m_window, &QQuickWindow::frameSwapped, &m_context, open,
                     static_cast<Qt::ConnectionType>(Qt::QueuedConnection | Qt::SingleShotConnection));
    m_window->show();
}

void MainWindow::comeForward(const SingleInstance::Start& start) {
    // Qt's Wayland plugin takes the token from the environment; elsewhere raising needs none.
    if (!start.activationToken.isEmpty()) qputenv("XDG_ACTIVATION_TOKEN", start.activationToken.toUtf8());
    if (m_window->visibility() == QWindow::Minimized) m_window->showNormal();
    m_window->raise();
    m_window->requestActivate();
    if (!start.file.isEmpty()) m_context.model()->open(start.file);
}

namespace {

/// Without a graphics device, OpenGL would be computed on the cores that the model needs. Qt Quick's own
/// software renderer takes a fraction of that: it draws only what has changed.
void chooseRenderer() {
    const bool graphics =
        !QDir(QStringLiteral("/dev/dri")).entryList({QStringLiteral("renderD*")}, QDir::System).isEmpty() ||
        QFile::exists(QStringLiteral("/dev/nvidiactl"));
    if (!graphics && qEnvironmentVariableIsEmpty("QT_QUICK_BACKEND"))
        QQuickWindow::setGraphicsApi(QSGRendererInterface::Software);
}

} // namespace

void setUpApplication() {
    chooseRenderer();
    QGuiApplication::setApplicationName(QStringLiteral("altiplano"));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Altiplano"));
    QGuiApplication::setApplicationVersion(QStringLiteral(ALTIPLANO_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("altiplano"));
    QIcon icon;
    for (const int size : {32, 64, 128})
        icon.addPixmap(renderIcon(QStringLiteral("altiplano"), {}, {size, size}));
    QGuiApplication::setWindowIcon(icon);
}

} // namespace altiplano::app
