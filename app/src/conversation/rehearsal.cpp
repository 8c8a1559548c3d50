#include "rehearsal.h"

#include "composer/attachment.h"

namespace altiplano::app {

namespace {

constexpr int kLineMs = 20;
constexpr int kAnswers = 3; ///< what is called thrice is compiled to machine code, where that is done at all

const QString kAnswer = QString::fromUtf8(R"(<think>
One of each.
</think>
# Rehearsal

A paragraph with **bold**, *slanted*, ~~struck~~ words, `code`, a [link](https://example.org) and $x^2$, which is so
long that it takes several lines of the page: enough of them to be cut where a line ends, as it is done with every
paragraph that streams in and gets long, so that only its last lines are laid out again with each word that comes.

1. first
   - nested
2. second

- [x] done
- [ ] open

> A quote
>
> > in a quote.

```python
def rehearse(rows):
    for row in rows:  # each
        row.show("once", 1)
```

| Kind | Rows |
|:-----|-----:|
| `table` | 1 |
| **row** | 2 |
| cell | 3 |

\[ \frac{a}{b} \]

---

That is all.
)");

} // namespace

Rehearsal::Rehearsal(QObject* parent) : QObject(parent), m_lines(kAnswer.split(u'\n')) {
    m_line.setInterval(kLineMs);
    connect(&m_line, &QTimer::timeout, this, &Rehearsal::playLine);
}

void Rehearsal::begin() {
    if (!std::exchange(m_due, false)) return;
    m_running = true;
    if (!m_paused) m_line.start();
    emit runningChanged();
}

void Rehearsal::end() {
    const bool was = m_running || m_due;
    m_due = m_running = false;
    m_line.stop();
    if (!was) return;
    emit runningChanged();
    m_messages.show({}, 0);
}

void Rehearsal::setPaused(bool paused) {
    if (paused == m_paused) return;
    m_paused = paused;
    if (paused)
        m_line.stop();
    else if (m_running)
        m_line.start();
    emit pausedChanged();
}

void Rehearsal::playLine() {
    const auto line = m_played % m_lines.size();
    if (m_played == kAnswers * m_lines.size()) return end();
    if (line == 0) askAndAnswer();
    m_messages.appendText(m_messages.leaf(), m_lines[line] + u'\n');
    if (line == m_lines.size() - 1) m_messages.close(m_messages.leaf(), turn::Complete, {m_played, 1, 1, 1});
    ++m_played;
}

void Rehearsal::askAndAnswer() {
    for (const turn::Sender sender : {turn::User, turn::Assistant}) {
        MessageRecord message;
        message.parent = m_messages.leaf();
        message.id = message.parent + 1;
        message.sender = sender;
        message.state = sender == turn::User ? turn::Complete : turn::Waiting;
        if (sender == turn::User)
            message.text = withAttachments(
                {QStringLiteral("Ready?"), {{QStringLiteral("a.txt"), QStringLiteral("Yes")}}});
        m_messages.add(std::move(message));
    }
}

} // namespace altiplano::app
