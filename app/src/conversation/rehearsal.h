#pragma once

#include "message_model.h"

#include <QStringList>
#include <QTimer>

namespace altiplano::app {

/// A conversation with a row of every kind, for the page to show before there is another and where nobody
/// sees it. What the first rows of a kind take in addition (their code is compiled, its types are looked up)
/// is then done, a little at a time while nothing else is, and the first answer streams in as evenly as all
/// others. Goes once. GUI thread only.
class Rehearsal : public QObject {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QAbstractItemModel* messages READ messages CONSTANT)
    Q_PROPERTY(bool running READ running NOTIFY runningChanged)
    Q_PROPERTY(bool due READ due NOTIFY runningChanged) ///< it has neither been nor become needless
    Q_PROPERTY(bool paused READ paused WRITE setPaused NOTIFY pausedChanged) ///< something else is to do
public:
    explicit Rehearsal(QObject* parent = nullptr);

    QAbstractItemModel* messages() { return &m_messages; }
    bool running() const { return m_running; }
    bool paused() const { return m_paused; }
    void setPaused(bool paused);
    bool due() const { return m_due; }
    Q_INVOKABLE void begin();
    Q_INVOKABLE void end(); ///< the page is wanted

signals:
    void runningChanged();
    void pausedChanged();

private:
    void playLine();
    void askAndAnswer();

    MessageModel m_messages;
    QTimer m_line;
    QStringList m_lines;
    int m_played = 0; ///< lines, of all answers
    bool m_due = true, m_running = false, m_paused = false;
};

} // namespace altiplano::app
