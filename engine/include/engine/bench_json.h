#pragma once

#include "engine/bench.h"

#include <nlohmann/json_fwd.hpp>

namespace altiplano::engine {

/// A result as a row of a bench file: what `altiplano-cli bench --json` prints an array of, and what the
/// window keeps and opens. Says of itself what was run on what and when, so that rows of different machines
/// and days can be compared. Fields are added, never renamed. What is not known is null.
nlohmann::ordered_json benchRow(const BenchResult& result, const Model& model,
                                const SchedulerOptions& options);

} // namespace altiplano::engine
