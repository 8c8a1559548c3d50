#pragma once

#include "kernels/backend.h"

#include <atomic>
#include <cstdint>
#include <memory>

namespace altiplano::test {

/// What a bounded device has, and what was asked of it.
struct Bounds {
    std::uint64_t bytes = 0;               ///< memory for weights, K/V and workspace
    std::atomic<std::uint64_t> used{0};    ///< of it, by weights
    std::uint64_t lies = 0;                ///< bytes by which it promises more than it has
    bool silent = false;                   ///< it cannot tell when it did what
    std::uint32_t layers = 0, uploads = 0; ///< of the last upload; how many there were
};

/// Bytes of a page of K/V over `layers` layers, as a bounded device counts them.
std::uint64_t pageBytes(const kernels::PlanShape& shape, std::uint32_t layers, kernels::KvType type);

/// A second device with little memory: the CPU's kernels behind a limit.
std::unique_ptr<kernels::Backend> createBoundedBackend(std::shared_ptr<Bounds> bounds);

} // namespace altiplano::test
