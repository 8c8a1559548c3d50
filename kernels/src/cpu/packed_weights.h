#pragma once

#include "cpu/matmul.h"
#include "cpu/page_buffer.h"
#include "cpu/thread_pool.h"

#include "kernels/backend.h"

#include <map>
#include <vector>

namespace altiplano::kernels {

/// The weights of a plan on the CPU: matrices as tiles in one large buffer, norms and biases as floats. A
/// tensor that several steps name is there once. Immutable once packed.
class PackedWeights {
public:
    /// Adds up what the plan needs; packs nothing yet.
    explicit PackedWeights(const Plan& plan);

    /// Copies everything, slice by slice, with all threads, telling the observer of each slice. False when
    /// stopped. BackendError{OutOfMemory}.
    bool pack(ThreadPool& pool, const UploadObserver& observer);

    /// A matrix or a vector that the plan names.
    PackedMatrix matrix(const TensorView& view) const;
    const float* vector(const TensorView& view) const; ///< null for an empty view

    /// True where the tensor is in tiles; else an embedding table that is read in place.
    bool holds(const TensorView& view) const { return m_matrices.contains(view.data); }

    std::uint64_t bytes() const { return m_tileBytes + 4 * m_floatCount; }

private:
    struct Matrix {
        TensorView view;
        std::size_t offset; ///< into m_tiles
    };
    struct Vector {
        TensorView view;
        std::size_t offset; ///< into m_floats
    };

    /// Some tiles of a matrix.
    struct Part {
        const Matrix* matrix;
        std::size_t firstTile, tiles;

        std::size_t tileBytes() const;
        TensorView source() const; ///< those rows in the file
    };

    void addMatrix(const TensorView& view);
    void addVector(const TensorView& view);
    static std::vector<Part> jobsOf(const std::vector<Part>& parts);
    void packParts(const std::vector<Part>& parts, ThreadPool& pool);
    void packPart(const Part& part);

    std::map<const std::byte*, Matrix>
        m_matrices; ///< by where they lie in the file, so that it is read forwards
    std::map<const std::byte*, Vector> m_vectors;
    std::vector<TensorView> m_inPlace;
    std::size_t m_tileBytes = 0;
    std::size_t m_floatCount = 0;
    PageBuffer m_tiles;
    std::vector<float> m_floats;
};

} // namespace altiplano::kernels
