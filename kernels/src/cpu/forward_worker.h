#pragma once

#include "cpu/forward.h"

namespace altiplano::kernels {

/// One thread's way through the steps. All threads call the same functions in the same order; each returns
/// false, on all threads, once the run was stopped. A thread may be behind (see Team): what other threads
/// change is touched in jobs alone.
class Forward::Worker {
public:
    Worker(const Forward& forward, Team& team, std::uint32_t thread)
        : m_forward(forward), m_model(forward.m_model), m_state(forward.m_state), m_team(team),
          m_own(forward.m_state.threads[thread]), m_set(forward.m_model.instructions),
          m_rows(forward.m_counts) {}

    bool begin(); ///< RoPE's angles, and hidden states that came in
    bool step(const CpuEmbed& step);
    bool step(const CpuQkv& step);
    bool step(const CpuAttention& step);
    bool step(const CpuOutput& step);
    bool step(const CpuGateUp& step);
    bool step(const CpuLogits& step);
    bool end(); ///< hidden states that go out

private:
    /// Matrices that are multiplied at the same rows by one job (gate and up), or a single one.
    struct Product {
        const CpuLinear* first;
        const CpuLinear* second = nullptr;
    };
    /// Some outputs [first, first + count) of Product `which` for some rows; output i of row firstRow + r is
    /// at y[r * stride + i], that of the second matrix at second[r * stride + i].
    struct Outputs {
        std::size_t which, first, count, firstRow, rows, stride;
        float *y, *second;
    };

    /// What m_own.product holds of some tiles.
    Outputs outputs(std::span<const Product> products, std::size_t which, std::size_t tile, std::size_t tiles,
                    std::size_t firstRow, std::size_t rows, std::size_t stride) const;

    /// Multiplies rows, through `norm` where given; calls use(Outputs) for every part of the result, on some
    /// thread. Row r is at row(r); without a norm those of a kind stand one after the other.
    template <typename RowAt, typename Use>
    bool multiply(std::span<const Product> products, const CpuNorm* norm, RowCounts rows, RowAt row, Use use);

    /// Packs rows [first, first + count) of `all` for every format that the matrices take.
    template <typename RowAt>
    void pack(const MatmulKernels& matmul, std::span<const Product> products, const CpuNorm* norm, RowAt row,
              std::size_t all, std::size_t first, std::size_t count, const std::vector<std::byte*>& to);
    template <typename RowAt>
    bool packRows(std::span<const Product> products, const CpuNorm* norm, RowCounts rows, RowAt row);

    class Pieces; ///< jobs that few rows' products are cut into
    template <typename RowAt, typename Use>
    bool multiplyOne(std::span<const Product> products, const CpuNorm* norm, RowAt row, Use use);
    template <typename Use> /// several packed rows
    bool multiplyFew(std::span<const Product> products, std::size_t answers, Use use);
    template <typename Use>
    bool multiplyMany(std::span<const Product> products, RowCounts rows, Use use);

    /// Attention of tokens [first, first + tokens) of a stretch to all that they see, for one KV head.
    void attendBlock(const CpuAttention& step, const Stretch& stretch, std::size_t head, std::size_t first,
                     std::size_t tokens);
    /// The same for a single row.
    void attendOne(const CpuAttention& step, const Stretch& stretch, std::size_t head);
    /// Single rows' attention by a job for each segment of what they see, and another that joins them.
    bool attendSegments(const CpuAttention& step);

    void storeKeyValue(const CpuAttention& step, const Stretch& stretch, std::size_t head, std::size_t token);
    /// Fills in what the tasks of a KV head have in common, and its queries, rotated and scaled.
    AttentionTask taskFor(const CpuAttention& step, const Stretch& stretch, std::size_t head,
                          std::size_t first, std::size_t tokens);
    /// Writes a query's result, divided by `sum`, over the query.
    void finish(std::size_t row, std::size_t queryHead, const float* out, float sum);

    std::size_t group() const { return m_model.shape.heads / m_model.shape.kvHeads; }
    std::byte* pageHead(const CpuAttention& step, const Stretch& stretch, std::size_t head,
                        std::size_t position) const;

    const Forward& m_forward;
    const CpuModel& m_model;
    CpuState& m_state;
    Team& m_team;
    CpuState::Thread& m_own;
    const InstructionSet& m_set;
    const RowCounts m_rows;
};

} // namespace altiplano::kernels
