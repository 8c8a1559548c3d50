// A profiler that shares no line with ours: what NVIDIA's driver says (CUPTI) the GPU did, of any program.
//
//   CUDA_INJECTION64_PATH=libaltiplano_kernel_trace.so KERNEL_TRACE=FILE.csv altiplano-cli bench …
//
// writes a line for every kernel when the program ends: begin and end in nanoseconds, the graph it belongs to
// (0: launched by itself), its name. KERNEL_TRACE_KIND=graphs: a line for every launch of a graph instead,
// and kernels only where they were launched by themselves, which disturbs graphs less. phase_check.py
// compares the lines with what `bench --json` says of the same run.
#include <cupti.h>
#include <cxxabi.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace {

struct Span {
    std::uint64_t startNs, endNs;
    std::uint32_t graph;
    const char* name; ///< of the driver's, which keeps it; null: a whole graph
};

/// What was recorded: the driver's threads fill it, in this process's last moments it is written. One for
/// the process, because CUPTI's callbacks know of no other.
struct Trace {
    std::mutex mutex;
    std::vector<Span> spans;
};

Trace& trace() {
    static Trace* const one = new Trace; // outlives every thread of the driver
    return *one;
}

void give(std::uint8_t** buffer, std::size_t* bytes, std::size_t* records) {
    *bytes = std::size_t{8} << 20;
    *records = 0; // as many as fit
    *buffer = static_cast<std::uint8_t*>(std::aligned_alloc(8, *bytes));
}

void take(CUcontext, std::uint32_t, std::uint8_t* buffer, std::size_t, std::size_t valid) {
    const std::lock_guard lock(trace().mutex);
    CUpti_Activity* record = nullptr;
    while (cuptiActivityGetNextRecord(buffer, valid, &record) == CUPTI_SUCCESS) {
        if (record->kind == CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL) {
            const auto& kernel = *reinterpret_cast<CUpti_ActivityKernel10*>(record);
            trace().spans.push_back({kernel.start, kernel.end, kernel.graphId, kernel.name});
        } else if (record->kind == CUPTI_ACTIVITY_KIND_GRAPH_TRACE) {
            const auto& graph = *reinterpret_cast<CUpti_ActivityGraphTrace2*>(record);
            trace().spans.push_back({graph.start, graph.end, graph.graphId, nullptr});
        }
    }
    std::free(buffer);
}

std::string readable(const char* name) {
    if (!name) return "graph";
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> text(abi::__cxa_demangle(name, nullptr, nullptr, &status),
                                                      std::free);
    return status == 0 ? text.get() : name;
}

void write() {
    cuptiActivityFlushAll(CUPTI_ACTIVITY_FLAG_FLUSH_FORCED);
    const char* path = std::getenv("KERNEL_TRACE");
    std::FILE* file = std::fopen(path ? path : "kernel_trace.csv", "w");
    if (!file) return;
    std::fputs("start_ns,end_ns,graph,name\n", file);
    const std::lock_guard lock(trace().mutex);
    for (const Span& span : trace().spans)
        std::fprintf(file, "%llu,%llu,%u,\"%s\"\n", static_cast<unsigned long long>(span.startNs),
                     static_cast<unsigned long long>(span.endNs), span.graph, readable(span.name).c_str());
    std::fclose(file);
    std::size_t dropped = 0;
    cuptiActivityGetNumDroppedRecords(nullptr, 0, &dropped);
    std::fprintf(stderr, "kernel trace: %zu spans, %zu dropped\n", trace().spans.size(), dropped);
}

void enable(CUpti_ActivityKind kind) {
    const CUptiResult status = cuptiActivityEnable(kind);
    if (status == CUPTI_SUCCESS) return;
    const char* text = nullptr;
    cuptiGetResultString(status, &text);
    std::fprintf(stderr, "kernel trace: kind %d cannot be recorded: %s\n", kind, text ? text : "?");
}

} // namespace

/// Called by the driver when the program first uses it.
extern "C" int InitializeInjection() {
    cuptiActivityRegisterCallbacks(give, take);
    const char* kind = std::getenv("KERNEL_TRACE_KIND");
    if (kind && std::string(kind) == "graphs") enable(CUPTI_ACTIVITY_KIND_GRAPH_TRACE);
    enable(CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL);
    std::atexit(write);
    return 1;
}
