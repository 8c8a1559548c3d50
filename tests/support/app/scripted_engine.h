#pragma once

#include "engine_port.h"

#include <QElapsedTimer>
#include <QList>
#include <QTimer>

#include <memory>

#include <optional>

namespace altiplano::app {

/// An engine without a model, for tests, pictures and work on the window: it plays scripts at a given speed.
class ScriptedEngine : public EnginePort {
    Q_OBJECT
public:
    struct Answer {
        QString text;
        double tokensPerSecond = 60;
        int promptTokens = 24;
        int promptMs = 120;       ///< spent on the prompt, with progress
        int failAfterTokens = -1; ///< then `failure`; -1: never
        engine::events::Failed failure{};
        engine::FinishReason reason = engine::FinishReason::EndOfTurn;
        int forget = 0; ///< messages reported as dropped before the first token
    };

    explicit ScriptedEngine(QObject* parent = nullptr);

    void setAnswers(const QList<Answer>& answers) { m_answers = answers; } ///< played in turn, over and over
    void setLoadMs(int ms) { m_loadMs = ms; }
    void setComparisonStepMs(int ms) { m_comparisonStepMs = ms; } ///< that each case takes
    void setNotes(const QStringList& notes) { m_notes = notes; }
    void setSteps(const std::vector<engine::StepTiming>& steps) {
        m_steps = steps;
    }                                                      ///< of the tokens, in turn
    void setInfo(const ModelInfo& info) { m_info = info; } ///< of what is loaded, but for path and context
    void setQuantization(const QString& name) { m_quantization = name; }
    /// Files whose path ends so are refused at first sight, or (OutOfMemory) while they load.
    void refuse(const QString& ending, engine::events::Failed failure);

    const std::vector<engine::GenerationRequest>& requests() const { return m_requests; }
    const QList<ComparisonRequest>& comparisons() const { return m_comparisons; }
    const QList<LoadRequest>& loads() const { return m_loads; }

    void load(const LoadRequest& request) override;
    void cancelLoad() override;
    void unload() override;
    RequestId submit(engine::GenerationRequest request) override;
    void stop(RequestId id) override;
    RequestId countTokens(const QString& text) override; ///< words
    void setDetailed(bool detailed) override { m_detailed = detailed; }
    bool detailed() const { return m_detailed; }
    void compare(const ComparisonRequest& request) override;
    void stopComparison() override;

private:
    /// An answer that is being played.
    struct Play {
        RequestId id = 0;
        Answer answer;
        QStringList tokens;
        int sent = 0;
        bool stopping = false;
        QElapsedTimer clock;
    };

    void playLoad();
    void playAnswers();
    void playAnswer(Play& play);
    void endAnswer(const Play& play);
    void stopAll();
    const engine::events::Failed* refusal() const;
    ModelInfo usualInfo() const;
    QByteArray scriptedRow(const EngineSettings& settings, const engine::BenchCase& one) const;

    QList<Answer> m_answers;
    QList<std::pair<QString, engine::events::Failed>> m_refusals;
    int m_loadMs = 400;
    QStringList m_notes;
    QString m_quantization = QStringLiteral("Q4_1");
    std::vector<engine::StepTiming> m_steps;
    std::size_t m_nextStep = 0;
    std::optional<ModelInfo> m_info;
    std::vector<engine::GenerationRequest> m_requests;
    QList<LoadRequest> m_loads;
    QList<ComparisonRequest> m_comparisons;
    int m_comparisonStepMs = 16;
    int m_comparison = 0; ///< counts them; none after one that was stopped
    bool m_detailed = false;

    bool m_loaded = false;
    bool m_cancelled = false;
    QTimer m_loadTimer;
    QElapsedTimer m_loadClock;

    RequestId m_lastId = 0;
    std::vector<std::shared_ptr<Play>> m_plays;
    quint32 m_contextUsed = 0;
    QTimer m_answerTimer;
};

} // namespace altiplano::app
