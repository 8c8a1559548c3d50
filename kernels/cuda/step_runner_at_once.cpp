#include "step_runner.h"

/// All layers of a row in one kernel: in a grid over all multiprocessors, or in a cluster.
namespace altiplano::kernels::cuda {

void StepRunner::runAtOnce() {
    m_step = 0;
    if (m_plan.beginsWithEmbed) run(std::get<DeviceEmbed>(m_plan.steps.front()));
    roundX();
    if (m_state.inGrid)
        runGrid(*m_plan.grid, gridRun(), m_stream);
    else
        runCluster(*m_plan.cluster, clusterRun(), m_stream);
}

ClusterRun StepRunner::clusterRun() const {
    ClusterRun run;
    run.attention = m_state.attention;
    run.attention.splits = m_plan.cluster->splits;
    run.x = m_scratch.x.get();
    run.roundedX = m_scratch.roundedX.get();
    run.cosSin = m_scratch.cosSin.get();
    run.ropeStride = static_cast<std::uint32_t>(cosSin(1) - cosSin(0));
    if (m_stamps) run.stamps = m_stamps + 2 * m_plan.beginsWithEmbed;
    return run;
}

GridRun StepRunner::gridRun() const {
    GridRun run;
    run.attention = m_state.attention;
    run.attention.splits = m_plan.grid->splits;
    run.attention.tokensOfOne = kGridTokens * m_plan.shape.heads / m_plan.shape.kvHeads;
    run.exchange = m_scratch.exchange.get();
    run.x = m_scratch.x.get();
    run.roundedX = m_scratch.roundedX.get();
    run.cosSin = m_scratch.cosSin.get();
    if (m_stamps) run.stamps = m_stamps + 2 * m_plan.beginsWithEmbed;
    return run;
}

} // namespace altiplano::kernels::cuda
