#include "cpu/packed_weights.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <sys/mman.h>

namespace altiplano::kernels {
namespace {

/// Source bytes that are packed before the observer hears of them and can let go of them.
constexpr std::size_t kSliceBytes = std::size_t{16} << 20;

/// And of them, what a thread packs at a time.
constexpr std::size_t kJobBytes = std::size_t{512} << 10;

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

/// Tells the system about source bytes. Whole pages only; advice, so that it may fail.
void advise(const std::byte* data, std::size_t bytes, int advice) {
    constexpr std::uintptr_t kPage = 4096;
    const auto begin = reinterpret_cast<std::uintptr_t>(data) / kPage * kPage;
    const auto end = reinterpret_cast<std::uintptr_t>(data) + bytes;
    madvise(reinterpret_cast<void*>(begin), end - begin, advice);
}

/// Brings bytes into the caches in their order. A tile's eight rows are packed side by side, and the CPU's
/// own fetching loses its way among so many streams.
void readInOrder(const std::byte* data, std::size_t bytes) {
    std::byte all{};
    for (std::size_t at = 0; at < bytes; at += 64)
        all |= data[at];
    asm volatile("" : : "r"(all)); // else nothing would be read
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
    std::vector<Part> slice;
    std::size_t left = kSliceBytes;
    const auto packSlice = [&] {
        packParts(slice, pool);
        for (const Part& part : slice)
            tell(part.source(), false);
        slice.clear();
        left = kSliceBytes;
    };
    for (const auto& [data, matrix] : m_matrices)
        for (std::size_t tile = 0; tile < tileCount(matrix.view);) {
            if (observer.stop.stop_requested()) return false;
            Part part{&matrix, tile, 0};
            part.tiles = std::clamp<std::size_t>(left / part.tileBytes(), 1, tileCount(matrix.view) - tile);
            slice.push_back(part);
            tile += part.tiles;
            left -= std::min(left, part.tiles * part.tileBytes());
            if (left < kJobBytes) packSlice();
        }
    packSlice();
    for (const TensorView& view : m_inPlace)
        tell(view, true);
    return !observer.stop.stop_requested();
}

std::size_t PackedWeights::Part::tileBytes() const {
    return kernels::tileBytes(matrix->view.type, static_cast<std::size_t>(matrix->view.columns));
}

TensorView PackedWeights::Part::source() const {
    TensorView view = matrix->view;
    view.data += firstTile * tileBytes();
    view.rows = static_cast<std::int64_t>(
        std::min(tiles * kTileRows, static_cast<std::size_t>(view.rows) - firstTile * kTileRows));
    return view;
}

std::vector<PackedWeights::Part> PackedWeights::jobsOf(const std::vector<Part>& parts) {
    std::vector<Part> jobs;
    for (const Part& part : parts) {
        const std::size_t count =
            std::clamp<std::size_t>(part.tiles * part.tileBytes() / kJobBytes, 1, part.tiles);
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t begin = part.tiles * i / count, end = part.tiles * (i + 1) / count;
            jobs.push_back({part.matrix, part.firstTile + begin, end - begin});
        }
    }
    return jobs;
}

void PackedWeights::packParts(const std::vector<Part>& parts, ThreadPool& pool) {
    if (parts.empty()) return;
    const TensorView last = parts.back().source();
    // A file that is not in memory yet is read while what comes before is packed.
    advise(last.data + last.bytes() + kSliceBytes, kSliceBytes, MADV_WILLNEED);
    const std::vector<Part> jobs = jobsOf(parts);
    // In shares: two threads that came to the same fresh huge page at once would both have it cleared.
    pool.run([&](Team& team, std::uint32_t) {
        team.forShares(jobs.size(), [&](std::size_t job) { packPart(jobs[job]); });
    });
}

void PackedWeights::packPart(const Part& part) {
    const TensorView source = part.source();
    const auto columns = static_cast<std::size_t>(source.columns),
               rows = static_cast<std::size_t>(source.rows);
    const std::size_t bytes = part.tileBytes();
    advise(source.data, source.bytes(), MADV_POPULATE_READ); // one call instead of a fault for each few pages
    std::byte* packed = m_tiles.data() + part.matrix->offset + part.firstTile * bytes;
    for (std::size_t i = 0; i < part.tiles; ++i) {
        const std::size_t count = std::min(kTileRows, rows - i * kTileRows);
        readInOrder(source.data + i * bytes, count * bytes / kTileRows);
        packTile(source.type, source.data + i * bytes, count, columns, packed + i * bytes);
    }
}

PackedMatrix PackedWeights::matrix(const TensorView& view) const {
    return {view.type, static_cast<std::size_t>(view.rows), static_cast<std::size_t>(view.columns),
            m_tiles.data() + m_matrices.at(view.data).offset};
}

const float* PackedWeights::vector(const TensorView& view) const {
    return view.empty() ? nullptr : m_floats.data() + m_vectors.at(view.data).offset;
}

} // namespace altiplano::kernels
