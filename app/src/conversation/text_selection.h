#pragma once

#include <QAbstractListModel>
#include <QPersistentModelIndex>
#include <QPoint>
#include <QPointer>
#include <QtQml/qqmlregistration.h>

namespace altiplano::app {

/// What is selected across the rows of a conversation: from a place in one row to a place in another. The
/// rows ask which part of them that is, so that it holds for those that are made later. Nothing is selected
/// any more once a row with one of its ends is gone. GUI thread only.
class TextSelection : public QObject {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QAbstractItemModel* rows READ rows WRITE setRows)
    Q_PROPERTY(bool empty READ empty NOTIFY changed)
public:
    using QObject::QObject;

    QAbstractItemModel* rows() const { return m_rows; }
    void setRows(QAbstractItemModel* rows);
    bool empty() const;
    Q_INVOKABLE void begin(int row, int position);
    Q_INVOKABLE void extend(int row, int position);
    Q_INVOKABLE void selectRows(int first, int last); ///< all of them
    Q_INVOKABLE void clear();

    /// Start and end of what is selected in a row of that length; the same where nothing is.
    Q_INVOKABLE QPoint within(int row, int length) const;
    Q_INVOKABLE QString text() const; ///< as it is copied: markers, indents and blank lines between blocks

signals:
    void changed();

private:
    struct Place {
        QPersistentModelIndex row;
        int position = 0;
    };
    static bool before(const Place& a, const Place& b);

    QPointer<QAbstractItemModel> m_rows;
    Place m_anchor, m_head;
};

} // namespace altiplano::app
