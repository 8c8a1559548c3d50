#pragma once

#include "block_model.h"

#include <QObject>
#include <QPointer>
#include <QtQml/qqmlparserstatus.h>
#include <QtQml/qqmlregistration.h>
#include <QtQuick/qquicktextdocument.h>

namespace altiplano::app {

/// Fills a TextEdit's document with one block of a message and appends what streams into it, so that only the
/// last lines are laid out again. Also sets the line height, which TextEdit cannot.
class StreamedText : public QObject, public QQmlParserStatus {
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_ELEMENT
    Q_PROPERTY(QQuickTextDocument* document MEMBER m_document)
    Q_PROPERTY(altiplano::app::BlockModel* blocks MEMBER m_blocks)
    Q_PROPERTY(int row MEMBER m_row)
    Q_PROPERTY(double lineHeight MEMBER m_lineHeight) ///< pixels
public:
    using QObject::QObject;

    void classBegin() override {}
    void componentComplete() override;

private:
    void append(const QString& text);

    QPointer<QQuickTextDocument> m_document;
    QPointer<BlockModel> m_blocks;
    int m_row = 0;
    double m_lineHeight = 0;
};

} // namespace altiplano::app
