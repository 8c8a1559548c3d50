#include "decode/layers.h"

#include "decode/product_shared.h"
#include "device_plan.h"

#include <algorithm>

namespace altiplano::kernels::cuda {

namespace {

/// Sixteen multiprocessors read about 0.7 TB/s, five kernels cost about 15 us: from 8 MB a layer on these
/// win.
constexpr std::uint64_t kMostLayerBytes = 6u << 20;
constexpr std::uint32_t kPageBytes = 16 * 1024; ///< K and V of a page of a head in half floats
/// Under way per block: bandwidth times latency, and some for the waits.
constexpr std::uint32_t kClusterBytesInFlight = 96 * 1024;
constexpr std::uint32_t kMostSplits = 8;
constexpr std::uint32_t kMostUnits = kConsumerWarps; ///< of a group: their sums are then those of product.h

class Planner {
public:
    Planner(const DevicePlan& plan, std::vector<LayerTable>& table) : m_plan(plan), m_table(table) {}

    std::optional<ClusterPlan> run() {
        const PlanShape& s = m_plan.shape;
        if (!m_plan.limits.layersAtOnce || m_plan.limits.sharedBytesPerBlock == 0 ||
            s.headDim != kClusterHeadDim || s.kvHeads == 0 || s.kvHeads > kClusterBlocks ||
            s.heads % s.kvHeads != 0 || s.heads / s.kvHeads > kAttentionGroup || !readSteps() ||
            !checkRopes() || m_bytes > kMostLayerBytes * m_table.size())
            return std::nullopt;
        m_cluster.layers = static_cast<std::uint32_t>(m_table.size());
        m_cluster.hidden = s.hidden;
        m_cluster.heads = s.heads;
        m_cluster.kvHeads = s.kvHeads;
        m_cluster.feedForward = s.feedForward;
        m_cluster.splits = std::min(kClusterBlocks / s.kvHeads, kMostSplits);
        if (!layOut()) return std::nullopt;
        return m_cluster;
    }

private:
    static constexpr std::uint32_t kAttentionGroup = 8; ///< query heads of a KV head: one for each warp

    /// Fills the table; false unless every layer is the same five steps over matrices of the same shapes.
    bool readSteps() {
        for (const DeviceStep& step : m_plan.steps) {
            if (const auto* s = std::get_if<DeviceQkv>(&step)) {
                if (s->layer != m_table.size()) return false;
                LayerTable& t = m_table.emplace_back();
                t.rope = s->rope;
                if (!norm(0, s->norm) || !matrix(kQ, s->q) || !matrix(kK, s->k) || !matrix(kV, s->v))
                    return false;
            } else if (std::holds_alternative<DeviceEmbed>(step) ||
                       std::holds_alternative<DeviceLogits>(step)) {
                continue;
            } else if (m_table.empty()) {
                return false;
            } else if (const auto* a = std::get_if<DeviceAttention>(&step)) {
                m_table.back().scale = a->scale;
                m_table.back().window = a->window;
            } else if (const auto* r = std::get_if<DeviceResidual>(&step)) {
                if (!matrix(r->fromAttention ? kOutput : kDown, r->weight)) return false;
            } else if (const auto* g = std::get_if<DeviceGateUp>(&step)) {
                if (g->up.data || !norm(1, g->norm) || !matrix(kGateUp, g->gate)) return false;
            }
        }
        const auto complete = [](const LayerTable& t) {
            return std::find(std::begin(t.matrices), std::end(t.matrices), nullptr) == std::end(t.matrices);
        };
        return !m_table.empty() && m_table.size() == m_plan.layers &&
               std::all_of(m_table.begin(), m_table.end(), complete);
    }

    bool norm(std::uint32_t which, const DeviceNorm& n) {
        m_table.back().norms[which] = n.weight;
        m_table.back().epsilons[which] = n.epsilon;
        return n.weight != nullptr;
    }

    bool matrix(LayerMatrix which, const Matrix& m) {
        Matrix& first = m_matrices[which];
        if (!first.data) first = m;
        const bool supported =
            m.type == QuantType::Q4_0 || m.type == QuantType::Q4_1 || m.type == QuantType::Q8_0;
        if (!m.packed || !supported || m.type != m_matrices[kQ].type || m.rows != first.rows ||
            m.columns != first.columns || m.rows % kGroupRows != 0 || m.units() > kMostUnits)
            return false;
        m_table.back().matrices[which] = m.data;
        m_table.back().biases[which] = m.bias;
        m_bytes += m.groups() * m.groupBytes();
        return true;
    }

    bool checkRopes() {
        if (m_plan.ropes.empty() || m_plan.ropes.size() > 2) return false;
        m_cluster.ropes = static_cast<std::uint32_t>(m_plan.ropes.size());
        m_cluster.pairs = m_plan.ropes[0].pairs;
        m_cluster.order = m_matrices[kQ].order;
        for (const DeviceRope& r : m_plan.ropes)
            if (r.pairs != m_cluster.pairs || r.halves != m_plan.ropes[0].halves) return false;
        return 2 * m_cluster.pairs <= kClusterHeadDim;
    }

    /// False where a block would have no rows, and so fall out of step with the others, or too many.
    bool product(LayerProduct which, LayerMatrix firstMatrix, std::uint32_t matrixCount,
                 std::uint32_t shareGroups) {
        ClusterProduct& p = m_cluster.products[which];
        p.columns = m_matrices[firstMatrix].columns;
        p.units = m_matrices[firstMatrix].units();
        p.firstMatrix = firstMatrix;
        p.matrixCount = matrixCount;
        p.shareGroups = shareGroups;
        std::uint32_t end = 0;
        for (std::uint32_t i = 0; i < matrixCount; ++i)
            p.ends[i] = end += m_matrices[firstMatrix + i].groups();
        p.shares = end / shareGroups;
        return end % shareGroups == 0 && p.shares >= kClusterBlocks &&
               p.mostGroups() * kGroupRows <= kConsumers && p.columns % 32 == 0;
    }

    bool layOut() {
        const std::uint32_t heads = m_cluster.heads * kClusterHeadDim,
                            kv = m_cluster.kvHeads * kClusterHeadDim;
        const auto is = [&](LayerMatrix m, std::uint32_t rows, std::uint32_t columns) {
            return m_matrices[m].rows == rows && m_matrices[m].columns == columns;
        };
        const std::uint32_t hidden = m_cluster.hidden, width = m_cluster.feedForward;
        if (!is(kQ, heads, hidden) || !is(kK, kv, hidden) || !is(kV, kv, hidden) ||
            !is(kOutput, hidden, heads) || !is(kGateUp, 2 * width, hidden) || !is(kDown, hidden, width))
            return false;
        m_cluster.type = m_matrices[kQ].type;
        const std::uint32_t stageBytes = kStageUnits * packedTraits(m_cluster.type).unitBytes;
        m_cluster.slotBytes = std::max(divideUp(stageBytes, 128) * 128, kPageBytes);
        if (hidden * 4 > kPageBytes || !product(kQkvProduct, kQ, 3, 1) ||
            !product(kOutputProduct, kOutput, 1, 1) || !product(kGateUpProduct, kGateUp, 1, 2) ||
            !product(kDownProduct, kDown, 1, 1))
            return false;
        const ClusterShared fixed = shared();
        const std::uint32_t budget = m_plan.limits.sharedBytesPerBlock;
        if (budget < fixed.end + 4 * m_cluster.slotBytes) return false;
        m_cluster.slots = std::min((budget - fixed.end) / m_cluster.slotBytes, kMaxSlots);
        m_cluster.stagesInFlight = std::min(kClusterBytesInFlight / stageBytes, m_cluster.slots - 1);
        m_cluster.shared = shared();
        return true;
    }

    ClusterShared shared() const {
        const ClusterPlan& c = m_cluster;
        std::uint32_t columns = 0, units = 0, rows = 0;
        for (const ClusterProduct& p : c.products) {
            columns = std::max(columns, divideUp(p.columns, 256) * 256);
            units = std::max(units, p.mostGroups() * p.units);
            rows = std::max(rows, p.mostGroups() * kGroupRows);
        }
        constexpr std::uint32_t kPartBytes = kHeadPartFloats * 4;
        ClusterShared s{};
        std::uint32_t at = 0;
        const auto take = [&at](std::uint32_t bytes) {
            const std::uint32_t start = at;
            at += divideUp(bytes, 128) * 128;
            return start;
        };
        s.slots = take(c.slots * c.slotBytes);
        s.barriers = take(kMaxSlots * 16 + 4 * 8);
        s.table = take(c.layers * sizeof(LayerTable));
        s.x = take(c.hidden * 2);
        s.ownX = take(c.products[kOutputProduct].mostGroups() * kGroupRows * 4);
        s.qkv = take((c.heads + 2 * c.kvHeads) * kClusterHeadDim * 4);
        s.parts = take(c.splits * c.heads * kPartBytes);
        s.h = take(c.feedForward * 2);
        s.quants = take(columns);
        s.scales = take(columns / 4);
        s.squares = take(kConsumerWarps * 4);
        s.partials = take(units * kGroupRows * 4);
        s.staged = take(std::max(rows * 4, c.heads / c.kvHeads * kPartBytes));
        s.softmax = take(kConsumerWarps * kPartBytes);
        s.cosSin = take(c.ropes * c.pairs * 8);
        s.end = at;
        return s;
    }

    const DevicePlan& m_plan;
    std::vector<LayerTable>& m_table;
    ClusterPlan m_cluster;
    Matrix m_matrices[kLayerMatrices]; ///< of the first layer
    std::uint64_t m_bytes = 0;
};

} // namespace

std::optional<ClusterPlan> planCluster(const DevicePlan& plan, std::vector<LayerTable>& table) {
    return Planner(plan, table).run();
}

} // namespace altiplano::kernels::cuda
