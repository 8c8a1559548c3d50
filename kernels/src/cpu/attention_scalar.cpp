#include "cpu/attention.h"

#include "kernels/half.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

namespace altiplano::kernels {
namespace {

void storeHalf(std::byte* base, std::size_t index, float value) {
    const std::uint16_t half = floatToHalf(value);
    std::memcpy(base + 2 * index, &half, sizeof half);
}

float loadHalf(const std::byte* base, std::size_t index) {
    std::uint16_t half;
    std::memcpy(&half, base + 2 * index, sizeof half);
    return halfToFloat(half);
}

/// Index of a key's number, and of its scale.
std::size_t keyIndex(std::size_t dims, std::size_t slot, std::size_t i) {
    return (slot / kKeyLanes * dims + i) * kKeyLanes + slot % kKeyLanes;
}

/// Quantizes 32 (or fewer) numbers to int8 with a half scale; `place(i)` is where number i goes.
template <typename Place>
void storeBlock(const float* x, std::size_t n, std::byte* numbers, Place place, std::byte* scales,
                std::size_t scaleIndex) {
    float largest = 0;
    for (std::size_t i = 0; i < n; ++i)
        largest = std::max(largest, std::fabs(x[i]));
    storeHalf(scales, scaleIndex, largest / 127.0f);
    const float stored = loadHalf(scales, scaleIndex), factor = stored > 0 ? 1.0f / stored : 0.0f;
    for (std::size_t i = 0; i < n; ++i) {
        const float number = std::clamp(x[i] * factor, -127.0f, 127.0f);
        numbers[place(i)] = static_cast<std::byte>(static_cast<std::int8_t>(std::lrint(number)));
    }
}

void store(const KvLayout& layout, std::byte* head, std::size_t slot, const float* k, const float* v) {
    const std::size_t dims = layout.dims(), blocks = dims / 32;
    std::byte* values = head + layout.values();
    if (layout.type == KvType::F16) {
        for (std::size_t i = 0; i < layout.headDim; ++i) {
            storeHalf(head, keyIndex(dims, slot, i), k[i]);
            storeHalf(values, slot * dims + i, v[i]);
        }
        return;
    }
    for (std::size_t b = 0; b < blocks; ++b) {
        const std::size_t first = 32 * b, n = std::min<std::size_t>(32, layout.headDim - first);
        storeBlock(
            k + first, n, head, [&](std::size_t i) { return keyIndex(dims, slot, first + i); },
            head + layout.keyScales(), keyIndex(blocks, slot, b));
        storeBlock(
            v + first, n, values, [&](std::size_t i) { return slot * dims + first + i; },
            head + layout.valueScales(), slot * blocks + b);
    }
}

struct PageReader {
    const KvLayout& layout;
    const std::byte* head;

    float key(std::size_t slot, std::size_t i) const {
        return number(head, keyIndex(layout.dims(), slot, i), head + layout.keyScales(),
                      keyIndex(layout.dims() / 32, slot, i / 32));
    }
    float value(std::size_t slot, std::size_t i) const {
        return number(head + layout.values(), slot * layout.dims() + i, head + layout.valueScales(),
                      slot * (layout.dims() / 32) + i / 32);
    }

private:
    float number(const std::byte* numbers, std::size_t index, const std::byte* scales,
                 std::size_t scale) const {
        if (layout.type == KvType::F16) return loadHalf(numbers, index);
        return static_cast<float>(static_cast<std::int8_t>(numbers[index])) * loadHalf(scales, scale);
    }
};

/// One query against the positions [begin, end): a plain two-pass softmax, summed in double.
void attendOne(const AttentionTask& task, std::size_t query, std::uint32_t begin, std::uint32_t end) {
    const KvLayout& layout = *task.layout;
    const std::size_t dims = layout.dims();
    const float* q = task.q + query * dims;
    float* out = task.out + query * dims;
    const auto page = [&](std::uint32_t position) {
        return PageReader{layout, task.pool + task.pages[position / kKvPageTokens] * layout.pageBytes()};
    };
    const auto score = [&](std::uint32_t position) {
        double sum = 0;
        for (std::size_t i = 0; i < layout.headDim; ++i)
            sum += static_cast<double>(q[i]) *
                   static_cast<double>(page(position).key(position % kKvPageTokens, i));
        return sum;
    };
    double largest = -std::numeric_limits<double>::infinity(), total = 0;
    for (std::uint32_t p = begin; p < end; ++p)
        largest = std::max(largest, score(p));
    for (std::size_t i = 0; i < dims; ++i)
        out[i] = 0;
    const float max = static_cast<float>(largest);
    for (std::uint32_t p = begin; p < end; ++p) {
        const double weight = std::exp(score(p) - static_cast<double>(max));
        total += weight;
        for (std::size_t i = 0; i < layout.headDim; ++i)
            out[i] += static_cast<float>(weight) * page(p).value(p % kKvPageTokens, i);
    }
    task.max[query] = max;
    task.sum[query] = static_cast<float>(total);
}

void attend(const AttentionTask& task) {
    for (std::size_t i = 0; i < task.queries; ++i) {
        const auto own = static_cast<std::uint32_t>(task.position + i / task.group);
        const std::uint32_t end = std::min(task.end, own + 1);
        const std::uint32_t oldest = task.window != 0 && own + 1 > task.window ? own + 1 - task.window : 0;
        attendOne(task, i, std::min(end, std::max(task.begin, oldest)), end);
    }
}

} // namespace

const AttentionKernels kScalarAttention{store, attend};

} // namespace altiplano::kernels
