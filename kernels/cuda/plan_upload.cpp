#include "plan_upload.h"

#include "state.h"
#include "uploader.h"

#include <algorithm>

namespace altiplano::kernels::cuda {

namespace {

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>; // clang 14 does not find it by itself

bool canInterleave(const GateUpStep& step) {
    return step.gate.weight.type == step.up.weight.type &&
           packedTraits(step.gate.weight.type).unitColumns != 0 &&
           step.gate.weight.rows == step.up.weight.rows;
}

/// Everything a plan's weights take on the device, and a little for the small vectors.
std::uint64_t memoryFor(const Plan& plan) {
    std::uint64_t bytes = 1 << 20;
    std::vector<const std::byte*> seen;
    const auto add = [&](const Linear& l) {
        bytes +=
            Uploader::bytesFor(l.weight, true) + (l.bias.empty() ? 0 : Uploader::bytesFor(l.bias, false));
    };
    const auto addOnce = [&](const TensorView& table) { // the one that is often named twice: a tied head
        if (std::find(seen.begin(), seen.end(), table.data) == seen.end()) add({table, {}});
        seen.push_back(table.data);
    };
    const auto norm = [&](const RmsNorm& n) {
        bytes += 4 * static_cast<std::uint64_t>(n.weight.columns) + 512;
    };
    for (const Step& step : plan.steps)
        std::visit(Overloaded{[&](const EmbedStep& s) { addOnce(s.table); },
                              [&](const QkvStep& s) {
                                  norm(s.norm);
                                  add(s.q), add(s.k), add(s.v);
                                  bytes += s.rope.inverseFrequency.size() * 4 + 512;
                              },
                              [&](const AttentionStep&) {},
                              [&](const AttentionOutputStep& s) { add(s.output); },
                              [&](const GateUpStep& s) {
                                  norm(s.norm);
                                  add(s.gate), add(s.up);
                                  bytes += s.gate.bias.empty()
                                               ? 0
                                               : 8 * static_cast<std::uint64_t>(s.gate.weight.rows) + 512;
                              },
                              [&](const DownStep& s) { add(s.down); },
                              [&](const LogitsStep& s) {
                                  norm(s.norm);
                                  if (s.head.bias.empty())
                                      addOnce(s.head.weight);
                                  else
                                      add(s.head);
                              }},
                   step);
    return bytes;
}

class PlanUpload {
public:
    PlanUpload(const Plan& plan, const StreamLimits& limits, const UploadObserver& observer)
        : m_source(plan), m_uploader(memoryFor(plan), observer) {
        m_plan.shape = plan.shape;
        m_plan.limits = limits;
    }

    std::optional<UploadedPlan> run() {
        for (const Step& step : m_source.steps)
            m_plan.steps.push_back(std::visit([&](const auto& s) -> DeviceStep { return upload(s); }, step));
        m_plan.beginsWithEmbed =
            !m_plan.steps.empty() && std::holds_alternative<DeviceEmbed>(m_plan.steps.front());
        m_plan.endsWithLogits =
            !m_plan.steps.empty() && std::holds_alternative<DeviceLogits>(m_plan.steps.back());
        chain();
        auto memory = m_uploader.finish();
        if (!memory) return std::nullopt;
        auto layers = planLayers();
        auto steps = planGridSteps();
        return UploadedPlan{std::move(*memory), std::move(m_plan), std::move(layers), std::move(steps)};
    }

private:
    void chain() {
        std::vector<ChainLink> all;
        bool int8 = true;
        for (DeviceStep& step : m_plan.steps)
            std::visit(
                [&](auto& s) {
                    if constexpr (requires { s.products; })
                        for (Product& p : s.products) {
                            all.push_back({&p, aheadOf(s)});
                            int8 &= !p.floatInput;
                        }
                },
                step);
        chainProducts(all, m_plan.limits);
        if (!all.empty() && int8) m_plan.streamTokens = kMaxStreamTokens;
    }

    template <class S>
    std::uint32_t aheadOf(const S& step) const {
        if constexpr (std::is_same_v<S, DeviceQkv>) return m_plan.limits.aheadOfAttention;
        if constexpr (std::is_same_v<S, DeviceResidual>)
            if (step.fromAttention) return m_plan.limits.aheadAfterAttention;
        return m_plan.limits.aheadBytes;
    }

    DeviceArray<LayerTable> planLayers() {
        std::vector<LayerTable> table;
        m_plan.cluster = planCluster(m_plan, table);
        if (!m_plan.cluster) return {};
        DeviceArray<LayerTable> layers(table.size());
        check(cudaMemcpy(layers.get(), table.data(), layers.bytes(), cudaMemcpyHostToDevice),
              "copying weights");
        m_plan.cluster->table = layers.get();
        return layers;
    }

    DeviceArray<GridStep> planGridSteps() {
        std::vector<GridStep> table;
        m_plan.grid = planGrid(m_plan, table);
        if (!m_plan.grid) return {};
        DeviceArray<GridStep> steps(table.size());
        check(cudaMemcpy(steps.get(), table.data(), steps.bytes(), cudaMemcpyHostToDevice),
              "copying weights");
        m_plan.grid->steps = steps.get();
        return steps;
    }

    Matrix linear(const Linear& l, const RowOrder& order = {}) {
        const Matrix m = m_uploader.matrix(l, order);
        m_plan.widest = std::max(m_plan.widest, m.columns);
        m_plan.weightBytes += l.weight.bytes();
        return m;
    }

    DeviceNorm norm(const RmsNorm& n) { return {m_uploader.floats(n.weight), n.epsilon}; }

    std::vector<Product> products(std::initializer_list<Matrix> matrices) {
        auto planned = planProducts({matrices.begin(), matrices.size()}, m_plan.limits);
        for (const Product& p : planned)
            prepare(p);
        return planned;
    }

    std::uint32_t rope(const Rope& r) {
        for (std::uint32_t i = 0; i < m_ropes.size(); ++i)
            if (m_ropes[i]->inverseFrequency == r.inverseFrequency && m_ropes[i]->pairing == r.pairing &&
                m_ropes[i]->magnitude == r.magnitude)
                return i;
        m_ropes.push_back(&r);
        m_plan.ropes.push_back({m_uploader.floats(std::span<const float>(r.inverseFrequency)),
                                static_cast<std::uint32_t>(r.inverseFrequency.size()),
                                r.pairing == RopePairing::Halves, r.magnitude});
        return static_cast<std::uint32_t>(m_ropes.size() - 1);
    }

    DeviceStep upload(const EmbedStep& s) { return DeviceEmbed{m_uploader.matrix({s.table, {}})}; }

    DeviceStep upload(const QkvStep& s) {
        DeviceQkv d;
        if (m_plan.layers == 0) m_firstLayer = s.layer;
        d.layer = s.layer - m_firstLayer;
        m_plan.layers = std::max(m_plan.layers, d.layer + 1);
        d.rope = rope(s.rope);
        d.norm = norm(s.norm);
        RowOrder order;
        if (s.rope.pairing == RopePairing::Halves) {
            order.headDim = m_plan.shape.headDim;
            order.rotated = static_cast<std::uint32_t>(2 * s.rope.inverseFrequency.size());
        }
        d.q = linear(s.q, order);
        d.k = linear(s.k, order);
        d.v = linear(s.v);
        if (m_plan.shape.headDim % 2 == 0) d.products = products({d.q, d.k, d.v});
        return d;
    }

    DeviceStep upload(const AttentionStep& s) {
        return DeviceAttention{s.layer - m_firstLayer, s.scale, s.window, {}};
    }

    DeviceStep upload(const AttentionOutputStep& s) { return residual(s.output, true); }
    DeviceStep upload(const DownStep& s) { return residual(s.down, false); }

    DeviceStep residual(const Linear& l, bool fromAttention) {
        DeviceResidual d;
        d.fromAttention = fromAttention;
        d.weight = linear(l);
        d.products = products({d.weight});
        if (m_plan.steps.empty()) return d;
        const ColumnOrder order = columnOrder(d.weight.type, d.weight.packed);
        if (auto* before = std::get_if<DeviceGateUp>(&m_plan.steps.back())) {
            d.halfInput = before->halfOutput = !before->products.empty() && !d.products.empty();
            before->hOrder = order;
        }
        if (auto* before = std::get_if<DeviceAttention>(&m_plan.steps.back())) before->outOrder = order;
        return d;
    }

    DeviceStep upload(const GateUpStep& s) {
        DeviceGateUp d;
        d.norm = norm(s.norm);
        if (canInterleave(s)) {
            d.gate = m_uploader.interleaved(s.gate, s.up);
            m_plan.widest = std::max(m_plan.widest, d.gate.columns);
            m_plan.weightBytes += s.gate.weight.bytes() + s.up.weight.bytes();
            d.products = products({d.gate});
        } else {
            d.gate = linear(s.gate);
            d.up = linear(s.up);
        }
        return d;
    }

    DeviceStep upload(const LogitsStep& s) {
        DeviceLogits d;
        d.norm = norm(s.norm);
        d.head = linear(s.head);
        d.products = products({d.head});
        return d;
    }

    const Plan& m_source;
    Uploader m_uploader;
    DevicePlan m_plan;
    std::vector<const Rope*> m_ropes;
    std::uint32_t m_firstLayer = 0;
};

} // namespace

MemoryNeed memoryNeeded(const Plan& plan, const StreamLimits& streaming, const StateLimits& limits) {
    DevicePlan sizes; // what CudaState sizes its memory by
    sizes.shape = plan.shape;
    sizes.limits = streaming;
    const auto widen = [&](const Linear& l) {
        sizes.widest = std::max(sizes.widest, static_cast<std::uint32_t>(l.weight.columns));
    };
    for (const Step& step : plan.steps)
        std::visit(
            Overloaded{[](const EmbedStep&) {},
                       [&](const QkvStep& s) {
                           ++sizes.layers;
                           widen(s.q);
                           if (sizes.ropes.empty()) sizes.ropes.emplace_back();
                           sizes.ropes[0].pairs = static_cast<std::uint32_t>(s.rope.inverseFrequency.size());
                       },
                       [](const AttentionStep&) {}, [&](const AttentionOutputStep& s) { widen(s.output); },
                       [&](const GateUpStep& s) { widen(s.gate); }, [&](const DownStep& s) { widen(s.down); },
                       [&](const LogitsStep& s) {
                           widen(s.head);
                           sizes.endsWithLogits = true;
                       }},
            step);
    return {memoryFor(plan), CudaState::bytesFor(sizes, limits)};
}

std::optional<UploadedPlan> uploadPlan(const Plan& plan, const StreamLimits& limits,
                                       const UploadObserver& observer) {
    return PlanUpload(plan, limits, observer).run();
}

} // namespace altiplano::kernels::cuda
