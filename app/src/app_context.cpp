#include "app_context.h"

#include <QClipboard>
#include <QGuiApplication>

namespace altiplano::app {

void AppContext::copy(const QString& text) {
    QGuiApplication::clipboard()->setText(text);
}

} // namespace altiplano::app
