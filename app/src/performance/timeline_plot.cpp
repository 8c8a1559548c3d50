#include "timeline_plot.h"

#include "token_bars.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace altiplano::app {

namespace {

constexpr double kLabelRoom = 52; ///< pixels that a name takes
constexpr int kMostLabels = 24;

} // namespace

double TimelinePlot::xOf(std::int64_t ns) const {
    return width() * (1 - (m_endNs - static_cast<double>(ns)) / m_spanNs);
}

double TimelinePlot::laneHeight() const {
    return std::floor((height() - 6) / 2);
}

double TimelinePlot::laneTop(StepPiece::Lane lane) const {
    return lane == StepPiece::Host ? 0 : laneHeight() + 6;
}

template <typename Use>
void TimelinePlot::forEachPiece(Use use) const {
    const StepHistory& steps = source()->steps();
    const double beginNs = m_endNs - m_spanNs;
    for (std::size_t age = 0; age < steps.size(); ++age) {
        const engine::StepTiming& step = steps.fromNewest(age);
        // A kernel may have begun before the host came to its token.
        const std::int64_t startNs = step.spans && !step.spans->empty()
                                         ? std::min(step.startNs, step.spans->front().startNs)
                                         : step.startNs;
        if (static_cast<double>(startNs) > m_endNs) continue;
        if (static_cast<double>(step.startNs + step.wallNs) < beginNs) break;
        for (const StepPiece& piece : piecesOf(step)) {
            const auto start = static_cast<double>(piece.startNs);
            if (start < m_endNs && start + static_cast<double>(piece.durationNs) > beginNs) use(step, piece);
        }
    }
}

/// While it follows: the last few tokens, in a time that does not jump from token to token.
void TimelinePlot::chooseView() {
    const StepHistory& steps = source()->steps();
    if (!m_following || steps.size() == 0) return;
    const engine::StepTiming& newest = steps.fromNewest(0);
    std::vector<std::int64_t> walls;
    for (std::size_t age = 0; age < std::min<std::size_t>(32, steps.size()); ++age)
        walls.push_back(steps.fromNewest(age).wallNs);
    const auto middle = walls.begin() + static_cast<std::ptrdiff_t>(walls.size() / 2);
    std::nth_element(walls.begin(), middle, walls.end());
    m_endNs = static_cast<double>(newest.startNs + newest.wallNs);
    m_spanNs = roundAxisEnd(kUsualTokens * static_cast<double>(*middle));
}

void TimelinePlot::layOut() {
    chooseView();
    const QVariantList before = std::exchange(m_labels, {});
    m_rulerNs = 0;
    m_detailed = false;
    if (m_spanNs > 0) {
        for (const StepPiece::Lane lane : {StepPiece::Host, StepPiece::Device}) {
            const double middle = laneTop(lane) + laneHeight() / 2;
            addBox(0, middle, width(), middle + pixel(), colors()->line());
        }
        forEachPiece([&](const engine::StepTiming& step, const StepPiece& piece) {
            m_detailed = m_detailed || step.spans;
            const double left = std::max(0.0, xOf(piece.startNs));
            const double right = std::min(width(), xOf(piece.startNs + piece.durationNs));
            const double top = laneTop(piece.lane);
            const QColor color = piece.waiting ? colors()->line() : colors()->of(piece.phase);
            if (piece.waiting)
                addBox(left, top + laneHeight() / 2 - 1, right, top + laneHeight() / 2 + 2, color);
            else
                addBox(left, top, right, top + laneHeight(), color);
            if (!m_following && right - left >= kLabelRoom && m_labels.size() < kMostLabels)
                m_labels.append(QVariantMap{{QStringLiteral("x"), left},
                                            {QStringLiteral("y"), top},
                                            {QStringLiteral("width"), right - left},
                                            {QStringLiteral("height"), laneHeight()},
                                            {QStringLiteral("text"), pieceTitle(piece)},
                                            {QStringLiteral("waiting"), piece.waiting},
                                            {QStringLiteral("light"), color.lightnessF() > 0.45f}});
        });
        m_rulerNs = roundAxisEnd(m_spanNs / 6);
    }
    if (m_labels != before) emit labelsChanged();
}

void TimelinePlot::zoom(double x, double factor) {
    if (m_spanNs <= 0 || !(factor > 0)) return;
    const double under = m_endNs - m_spanNs * (1 - x / width());
    const double longest = kMostTokens * static_cast<double>(source()->steps().fromNewest(0).wallNs);
    m_spanNs = std::clamp(m_spanNs / factor, kShortestNs, std::max(kShortestNs, longest));
    m_endNs = under + m_spanNs * (1 - x / width());
    m_following = false;
    refresh();
}

void TimelinePlot::pan(double pixels) {
    if (m_spanNs <= 0) return;
    m_endNs -= pixels / width() * m_spanNs;
    m_following = false;
    refresh();
}

void TimelinePlot::goToNewest() {
    m_following = true;
    refresh();
}

QVariantMap TimelinePlot::at(double x, double y) const {
    QVariantMap found;
    if (!source() || m_spanNs <= 0 || x < 0 || x > width()) return found;
    const double ns = m_endNs - m_spanNs * (1 - x / width());
    forEachPiece([&](const engine::StepTiming& step, const StepPiece& piece) {
        const double top = laneTop(piece.lane), into = ns - static_cast<double>(piece.startNs);
        if (into < 0 || into >= static_cast<double>(piece.durationNs) || y < top || y > top + laneHeight())
            return;
        found = {{QStringLiteral("title"), pieceTitle(piece)},
                 {QStringLiteral("phase"), static_cast<int>(piece.phase)},
                 {QStringLiteral("sentence"), piece.waiting
                                                  ? tr("The host has nothing to do until the device is done.")
                                                  : phaseSentence(piece.phase)},
                 {QStringLiteral("ns"), static_cast<double>(piece.durationNs)},
                 {QStringLiteral("wallNs"), static_cast<double>(step.wallNs)}};
    });
    return found;
}

} // namespace altiplano::app
