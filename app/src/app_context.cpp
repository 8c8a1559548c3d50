#include "app_context.h"

#include "markdown/markdown_parser.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QUrl>

namespace altiplano::app {

void AppContext::copy(const QString& text) {
    QGuiApplication::clipboard()->setText(text);
}

void AppContext::openLink(const QString& target) {
    if (isSafeLink(target)) QDesktopServices::openUrl(QUrl(target));
}

} // namespace altiplano::app
