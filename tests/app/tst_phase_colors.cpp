#include "phase_colors.h"

#include <QTest>

#include <array>
#include <cmath>

using namespace altiplano::app;

namespace {

using Triple = std::array<double, 3>;
using Matrix = std::array<Triple, 3>;

Triple operator*(const Matrix& m, const Triple& v) {
    Triple out{};
    for (std::size_t i = 0; i < 3; ++i)
        out[i] = m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2];
    return out;
}

constexpr Matrix kNormal = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
// Machado, Oliveira and Fernandes 2009, "A Physiologically-based Model for Simulation of Color Vision
// Deficiency", severity 1, for linear RGB.
constexpr Matrix kProtanopia = {
    {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}};
constexpr Matrix kDeuteranopia = {
    {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}};

double linear(double c) {
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

/// CIELAB (D65) of what someone with this vision sees.
Triple lab(const QColor& color, const Matrix& vision) {
    Triple rgb = vision * Triple{linear(color.redF()), linear(color.greenF()), linear(color.blueF())};
    for (double& c : rgb)
        c = std::clamp(c, 0.0, 1.0);
    constexpr Matrix kToXyz = {{{0.4124564, 0.3575761, 0.1804375},
                                {0.2126729, 0.7151522, 0.0721750},
                                {0.0193339, 0.1191920, 0.9503041}}};
    const Triple xyz = kToXyz * rgb;
    const auto f = [](double t) { return t > 0.008856 ? std::cbrt(t) : t / 0.128419 + 4.0 / 29; };
    const double x = f(xyz[0] / 0.95047), y = f(xyz[1]), z = f(xyz[2] / 1.08883);
    return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

/// CIE 1976: 2.3 is just noticeable.
double difference(const QColor& a, const QColor& b, const Matrix& vision) {
    const Triple x = lab(a, vision), y = lab(b, vision);
    return std::hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}

} // namespace

/// Whether the phases can be told apart, by those who see few hues, too.
class TestPhaseColors : public QObject {
    Q_OBJECT
private slots:
    void distinguishable_data() {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<bool>("onGpu");
        QTest::addColumn<int>("vision");
        for (const bool dark : {false, true})
            for (const bool onGpu : {false, true})
                for (int vision = 0; vision < 3; ++vision)
                    QTest::addRow("%s, %s, %s", dark ? "dark" : "light", onGpu ? "GPU" : "CPU",
                                  vision == 0   ? "all hues"
                                  : vision == 1 ? "protanopia"
                                                : "deuteranopia")
                        << dark << onGpu << vision;
    }
    void distinguishable() {
        QFETCH(const bool, dark);
        QFETCH(const bool, onGpu);
        QFETCH(const int, vision);
        const Matrix& eyes = vision == 0 ? kNormal : vision == 1 ? kProtanopia : kDeuteranopia;
        PhaseColors colors; // the theme's
        colors.setProperty("cpu", QColor(dark ? "#e69f00" : "#d55e00"));
        colors.setProperty("gpu", QColor(dark ? "#56b4e9" : "#0072b2"));
        colors.setProperty("neutral", QColor(dark ? "#a0a6ac" : "#5f646a"));
        colors.setProperty("onGpu", onGpu);
        const QColor page(dark ? "#17191b" : "#fdfdfc");

        // What meets in a bar or a lane.
        using enum Phase;
        constexpr std::array<std::pair<Phase, Phase>, 13> kNeighbours = {{{Embed, Qkv},
                                                                          {Qkv, Attention},
                                                                          {Attention, Projection},
                                                                          {Projection, FeedForward},
                                                                          {FeedForward, Qkv},
                                                                          {FeedForward, Logits},
                                                                          {Logits, DeviceSample},
                                                                          {DeviceSample, Embed},
                                                                          {Schedule, Launch},
                                                                          {Launch, Sample},
                                                                          {Sample, Deliver},
                                                                          {Logits, Launch},
                                                                          {Deliver, Other}}};
        const auto cpuPart = [](Phase phase) {
            return static_cast<Phase>(static_cast<std::size_t>(phase) + kDeviceParts);
        };
        for (const auto& [a, b] : kNeighbours) { // of what a split model leaves to the CPU, too
            if (a > Logits || b > Logits) continue;
            QVERIFY(difference(colors.of(cpuPart(a)), colors.of(cpuPart(b)), eyes) >= 12);
            if (onGpu) QVERIFY(difference(colors.of(a), colors.of(cpuPart(b)), eyes) >= 25);
        }
        for (const auto& [a, b] : kNeighbours)
            QVERIFY2(difference(colors.of(a), colors.of(b), eyes) >= 12,
                     qPrintable(QStringLiteral("%1 and %2: %3")
                                    .arg(phaseTitle(a), phaseTitle(b))
                                    .arg(difference(colors.of(a), colors.of(b), eyes))));
        for (std::size_t i = 0; i < kPhases; ++i)
            QVERIFY2(difference(colors.of(static_cast<Phase>(i)), page, eyes) >= 18,
                     qPrintable(phaseTitle(static_cast<Phase>(i))));
        // A GPU's time is never taken for the CPU's.
        for (std::size_t device = 0; device < kDeviceParts && onGpu; ++device)
            for (std::size_t host = kDeviceParts; host + 1 < kPhases; ++host)
                QVERIFY(difference(colors.of(static_cast<Phase>(device)), colors.of(static_cast<Phase>(host)),
                                   eyes) >= 25);
    }

    void shadesGetLighter() {
        for (int level = -3; level < 3; ++level)
            QVERIFY(lab(shade(QColor("#d55e00"), level), kNormal)[0] + 5 <
                    lab(shade(QColor("#d55e00"), level + 1), kNormal)[0]);
    }
};

QTEST_GUILESS_MAIN(TestPhaseColors)
#include "tst_phase_colors.moc"
