#include "decode/grid.h"

#include "decode/product_shared.h"
#include "device_plan.h"

#include <algorithm>
#include <functional>

namespace altiplano::kernels::cuda {

namespace {

constexpr std::uint32_t kLeastRing = 64 * 1024;
constexpr std::uint32_t kMostTokens = 8192;
/// From so many bytes of a layer a block on it is bandwidth that counts, below it how soon blocks see each
/// other's results.
constexpr std::uint64_t kLargeShare = 512 * 1024;

class Planner {
public:
    Planner(const DevicePlan& plan, std::vector<GridStep>& steps) : m_plan(plan), m_steps(steps) {}

    std::optional<GridPlan> run() {
        const PlanShape& s = m_plan.shape;
        if (!m_plan.limits.layersAtOnce || m_plan.limits.sharedBytesPerBlock == 0 ||
            m_plan.ropes.size() != 1 || (s.headDim != 64 && s.headDim != 128) || s.kvHeads == 0 ||
            s.heads % s.kvHeads != 0 || !readSteps())
            return std::nullopt;
        m_grid.layers = m_plan.layers;
        m_grid.hidden = s.hidden;
        m_grid.heads = s.heads;
        m_grid.kvHeads = s.kvHeads;
        m_grid.headDim = s.headDim;
        m_grid.tokens = kMostTokens;
        m_grid.rotated = 2 * m_plan.ropes[0].pairs;
        m_grid.exchange = gridExchange(s);
        m_grid.stagesAhead = m_bytes / m_grid.layers / m_grid.blocks < kLargeShare ? 1 : 2;
        m_grid.splits = std::min(m_grid.blocks / s.heads, kGridSplits);
        if (m_grid.splits == 0 || m_grid.rotated > s.headDim || !layOut()) return std::nullopt;
        fillSteps();
        return m_grid;
    }

private:
    /// The products of every layer in order; false unless each step is one that the kernel takes.
    bool readSteps() {
        for (const DeviceStep& step : m_plan.steps) {
            const std::uint32_t next = static_cast<std::uint32_t>(m_products.size()) % kLayerProducts;
            if (const auto* s = std::get_if<DeviceQkv>(&step)) {
                if (next != kQkvProduct || !add(s->products, 3)) return false;
                m_steps.back().norm = s->norm.weight;
                m_steps.back().epsilon = s->norm.epsilon;
                m_grid.order = s->q.order;
            } else if (const auto* a = std::get_if<DeviceAttention>(&step)) {
                if (next != kOutputProduct) return false;
                if (m_products.size() > kLayerProducts &&
                    (a->scale != m_grid.scale || a->window != m_grid.window))
                    return false;
                m_grid.scale = a->scale;
                m_grid.window = a->window;
            } else if (const auto* r = std::get_if<DeviceResidual>(&step)) {
                if (next != (r->fromAttention ? kOutputProduct : kDownProduct) || !add(r->products, 1))
                    return false;
            } else if (const auto* g = std::get_if<DeviceGateUp>(&step)) {
                if (next != kGateUpProduct || g->up.data || !g->halfOutput || !add(g->products, 1))
                    return false;
                m_steps.back().norm = g->norm.weight;
                m_steps.back().epsilon = g->norm.epsilon;
            } else if (const auto* l = std::get_if<DeviceLogits>(&step)) {
                if (l->products.empty()) return false;
            }
        }
        // An even number of layers: whatever was written last was written by an odd one, so that the first
        // layer's tag is a new one in every step.
        return m_products.size() == std::size_t{m_plan.layers} * kLayerProducts && m_plan.layers % 2 == 0;
    }

    bool add(const std::vector<Product>& products, std::uint32_t parts) {
        if (products.size() != 1 || products[0].partCount != parts) return false;
        const Product& p = products[0];
        const auto which = m_products.size() % kLayerProducts;
        for (std::uint32_t i = 0; i < parts; ++i)
            if (!type(p.parts[i].type) || p.parts[i].rows % kGroupRows != 0 || p.parts[i].bias) return false;
        GridProduct& g = m_grid.products[which];
        const StreamPart& part = p.parts[0];
        if (m_products.size() < kLayerProducts)
            g = {p.columns, part.units, part.stageUnits, part.groupWarps, part.stageGroups, 0};
        g.maxGroups = std::max(g.maxGroups, p.maxGroups);
        m_grid.blocks = m_products.empty() ? p.blocks : m_grid.blocks;
        for (std::uint32_t i = 0; i < parts; ++i)
            m_bytes += std::uint64_t{p.parts[i].groups} * p.parts[i].groupBytes;
        // Longer rows of x leave most warps without a unit in a group's last stage.
        if (which != kDownProduct && part.units > part.stageUnits) return false;
        // Every block has rows in every product, or it would fall out of step with the others.
        const auto* end = p.firstGroup + p.blocks + 1;
        if (p.columns != g.columns || part.units != g.units || p.blocks != m_grid.blocks ||
            p.blocks != m_plan.limits.multiprocessors ||
            std::adjacent_find(p.firstGroup, end, std::greater_equal()) != end ||
            p.maxGroups * kGroupRows > kConsumers)
            return false;
        // A block keeps its rows of the residual stream.
        if (which == kDownProduct &&
            !std::equal(p.firstGroup, end, m_products[m_products.size() - 2]->firstGroup))
            return false;
        m_products.push_back(&p);
        m_steps.emplace_back();
        return true;
    }

    /// Q4_K and Q6_K, which models mix, or one other.
    bool type(QuantType t) {
        if (m_grid.first == QuantType::F32) {
            const bool mixed = t == QuantType::Q4_K || t == QuantType::Q6_K;
            m_grid.first = mixed ? QuantType::Q4_K : t;
            m_grid.second = mixed ? QuantType::Q6_K : t;
        }
        return t == m_grid.first || t == m_grid.second;
    }

    bool layOut() {
        const std::uint32_t fixed = shared(0).end, budget = m_plan.limits.sharedBytesPerBlock;
        if (budget < fixed + kLeastRing) return false;
        m_grid.shared = shared((budget - fixed) / 128 * 128);
        return true;
    }

    GridShared shared(std::uint32_t ringBytes) const {
        const GridPlan& g = m_grid;
        std::uint32_t columns = 0, groups = 0;
        for (const GridProduct& p : g.products) {
            columns = std::max(columns, divideUp(p.columns, 256) * 256);
            groups = std::max(groups, p.maxGroups);
        }
        GridShared s{};
        std::uint32_t at = 0;
        const auto take = [&at](std::uint32_t bytes) {
            const std::uint32_t start = at;
            at += divideUp(bytes, 128) * 128;
            return start;
        };
        take(kGridRingHead);
        s.ring = at; // its data
        s.ringBytes = ringBytes;
        take(ringBytes);
        s.steps = take(g.layers * kLayerProducts * sizeof(GridStep));
        s.quants = take(columns);
        s.scales = take(columns / 4);
        s.squares = take(kConsumerWarps * 4);
        s.partials = take(groups * kSumPitch * 4);
        s.softmax = take(kGridAttentionWarps * (g.headDim + 4) * 4);
        s.finish = take(groups * kGroupRows * 16);
        s.cosSin = take(g.rotated * 4);
        s.x = take(g.products[kOutputProduct].maxGroups * kGroupRows * 4);
        s.share = take(128);
        s.end = at;
        return s;
    }

    /// From [layer][product] to [block][layer][product].
    void fillSteps() {
        const std::vector<GridStep> common = std::move(m_steps);
        m_steps.assign(common.size() * m_grid.blocks, {});
        for (std::uint32_t b = 0; b < m_grid.blocks; ++b)
            for (std::size_t i = 0; i < common.size(); ++i) {
                GridStep& step = m_steps[b * common.size() + i] = common[i];
                const Product& p = *m_products[i];
                std::uint32_t first = 0;
                for (std::uint32_t j = 0; j < p.partCount; first += p.parts[j++].groups) {
                    const StreamPart& part = p.parts[j];
                    const std::uint32_t begin = std::max<std::uint32_t>(p.firstGroup[b], first),
                                        end =
                                            std::min<std::uint32_t>(p.firstGroup[b + 1], first + part.groups);
                    if (begin >= end) continue;
                    step.parts[step.partCount++] = {part.data +
                                                        std::uint64_t{begin - first} * part.groupBytes,
                                                    (begin - first) * kGroupRows,
                                                    static_cast<std::uint16_t>(end - begin),
                                                    static_cast<std::uint8_t>(part.type != m_grid.first),
                                                    static_cast<std::uint8_t>(part.role),
                                                    false};
                    if (step.partCount < 2) continue;
                    GridPart &one = step.parts[step.partCount - 1], &before = step.parts[step.partCount - 2];
                    one.joined = one.second == before.second &&
                                 one.data == before.data + std::uint64_t{before.groups} * part.groupBytes;
                }
            }
        m_grid.ahead = m_products.back()->ahead;
    }

    const DevicePlan& m_plan;
    std::vector<GridStep>& m_steps;
    GridPlan m_grid;
    std::vector<const Product*> m_products;
    std::uint64_t m_bytes = 0;
};

} // namespace

GridExchange gridExchange(const PlanShape& s) {
    GridExchange e;
    std::uint32_t at = 0;
    const auto take = [&at](std::uint32_t words) {
        const std::uint32_t start = at;
        at += divideUp(words, 32) * 32;
        return start;
    };
    e.x[0] = take(s.hidden / 2);
    e.x[1] = take(s.hidden / 2);
    e.h = take(s.feedForward / 2);
    e.qkv = take((s.heads + 2 * s.kvHeads) * s.headDim);
    e.attention = take(kGridSplits * s.heads * s.headDim / 2);
    e.softmax = take(kGridSplits * s.heads * 4);
    e.words = at;
    return e;
}

std::optional<GridPlan> planGrid(const DevicePlan& plan, std::vector<GridStep>& steps) {
    auto grid = Planner(plan, steps).run();
    if (!grid) steps.clear();
    return grid;
}

} // namespace altiplano::kernels::cuda
