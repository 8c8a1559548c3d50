#include "cpu/packed_weights.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <sys/mman.h>

namespace altiplano::kernels {
namespace {

/// Source bytes that are packed before the observer hears of them and can let go of them.
constexpr std::size_t kSliceBytes = std::size_t{8} << 20;

std::size_t tileCount(const TensorView& view) {
    return (static_cast<std::size_t>(view.rows) + kTileRows - 1) / kTileRows;
}

/// Calls use(member) for every part of a step.
template <typename OnLinear, typename OnNorm>
void forWeights(const Step& step, OnLinear onLinear, OnNorm onNorm) {
    if (const auto* qkv = std::get_if<QkvStep>(&step)) {
        onNorm(qkv->norm);
        for (const Linear* linear : {&qkv->q, &qkv->k, &qkv->v})
            onLinear(*linear);
    } else if (const auto* output = std::get_if<AttentionOutputStep>(&step)) {
        onLinear(output->output);
    } else if (const auto* gateUp = std::get_if<GateUpStep>(&step)) {
        onNorm(gateUp->norm);
        onLinear(gateUp->gate);
        onLinear(gateUp->up);
    } else if (const auto* down = std::get_if<DownStep>(&step)) {
        onLinear(down->down);
    } else if (const auto* logits = std::get_if<LogitsStep>(&step)) {
        onNorm(logits->norm);
        onLinear(logits->head);
    }
}

/// Asks for source bytes that are needed soon, so that a file that is not in memory yet is read while others
/// are packed. Whole pages only; advice, so that it may fail.
void askFor(const std::byte* data, std::size_t bytes) {
    constexpr std::uintptr_t kPage = 4096;
    const auto begin = reinterpret_cast<std::uintptr_t>(data) / kPage * kPage;
    const auto end = reinterpret_cast<std::uintptr_t>(data) + bytes;
    madvise(reinterpret_cast<void*>(begin), end - begin, MADV_WILLNEED);
}

} // namespace

PackedWeights::PackedWeights(const Plan& plan) {
    for (const Step& step : plan.steps)
        forWeights(
            step,
            [&](const Linear& linear) {
                addMatrix(linear.weight);
                addVector(linear.bias);
            },
            [&](const RmsNorm& norm) { addVector(norm.weight); });
    for (const Step& step : plan.steps)
        if (const auto* embed = std::get_if<EmbedStep>(&step); embed && !holds(embed->table))
            m_inPlace.push_back(embed->table);
}

void PackedWeights::addMatrix(const TensorView& view) {
    if (!m_matrices.try_emplace(view.data, Matrix{view, m_tileBytes}).second) return;
    const auto columns = static_cast<std::size_t>(view.columns);
    m_tileBytes += (tileCount(view) * tileBytes(view.type, columns) + 63) / 64 * 64;
}

void PackedWeights::addVector(const TensorView& view) {
    if (view.empty()) return;
    if (view.type != QuantType::F32)
        throw BackendError(BackendError::Kind::Unsupported, "Norms and biases must be F32.");
    if (m_vectors.try_emplace(view.data, Vector{view, m_floatCount}).second)
        m_floatCount += static_cast<std::size_t>(view.columns);
}

bool PackedWeights::pack(ThreadPool& pool, const UploadObserver& observer) {
    std::uint64_t done = 0;
    const auto tell = [&](const TensorView& view, bool kept) {
        done += view.bytes();
        if (observer.onTensor) observer.onTensor(view, kept, done);
    };
    m_floats.resize(m_floatCount);
    for (const auto& [data, vector] : m_vectors) {
        std::memcpy(m_floats.data() + vector.offset, data, vector.view.bytes());
        tell(vector.view, false);
    }
    m_tiles = PageBuffer(m_tileBytes);
    for (const auto& [data, matrix] : m_matrices) {
        const std::size_t row = rowBytes(matrix.view.type, static_cast<std::size_t>(matrix.view.columns));
        const std::size_t step = std::max<std::size_t>(1, kSliceBytes / (kTileRows * row));
        for (std::size_t tile = 0; tile < tileCount(matrix.view); tile += step) {
            if (observer.stop.stop_requested()) return false;
            const std::size_t tiles = std::min(step, tileCount(matrix.view) - tile);
            askFor(data + tile * kTileRows * row + 2 * kSliceBytes, kSliceBytes);
            packRows(matrix, tile, tiles, pool);
            TensorView slice = matrix.view;
            slice.data += tile * kTileRows * row;
            slice.rows = std::min<std::int64_t>(static_cast<std::int64_t>(tiles * kTileRows),
                                                slice.rows - static_cast<std::int64_t>(tile * kTileRows));
            tell(slice, false);
        }
    }
    for (const TensorView& view : m_inPlace)
        tell(view, true);
    return !observer.stop.stop_requested();
}

void PackedWeights::packRows(const Matrix& matrix, std::size_t firstTile, std::size_t tiles,
                             ThreadPool& pool) {
    const auto columns = static_cast<std::size_t>(matrix.view.columns);
    const auto rows = static_cast<std::size_t>(matrix.view.rows);
    const std::size_t bytes = tileBytes(matrix.view.type, columns), jobs = std::min(tiles, std::size_t{64});
    std::byte* packed = m_tiles.data() + matrix.offset;
    // In shares: two threads that came to the same fresh huge page at once would both have it cleared.
    pool.run([&](Team& team, std::uint32_t thread) {
        team.forShares(thread, jobs, [&](std::size_t job) {
            const std::size_t end = firstTile + tiles * (job + 1) / jobs;
            for (std::size_t tile = firstTile + tiles * job / jobs; tile < end; ++tile)
                packTile(matrix.view.type, matrix.view.data + tile * bytes,
                         std::min(kTileRows, rows - tile * kTileRows), columns, packed + tile * bytes);
        });
    });
}

PackedMatrix PackedWeights::matrix(const TensorView& view) const {
    return {view.type, static_cast<std::size_t>(view.rows), static_cast<std::size_t>(view.columns),
            m_tiles.data() + m_matrices.at(view.data).offset};
}

const float* PackedWeights::vector(const TensorView& view) const {
    return view.empty() ? nullptr : m_floats.data() + m_vectors.at(view.data).offset;
}

} // namespace altiplano::kernels
