#pragma once

#include "engine/chat_template.h"
#include "template/value.h"

namespace altiplano::engine::jinja {

/// What one rendering may still spend, and where it is. Every value is made here, so that limits hold.
class Runtime {
public:
    explicit Runtime(const TemplateLimits& limits)
        : m_limits(limits), m_steps(limits.steps), m_memory(limits.outputBytes) {}
    ~Runtime();
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;

    std::uint32_t line = 0; ///< of the template, for messages

    /// Pays for work: about one step per expression, item or 64 bytes of text.
    void step(std::uint64_t count = 1) {
        if (count > m_steps) outOfSteps();
        m_steps -= count;
    }
    void stepBytes(std::size_t bytes) { step(1 + bytes / 64); }

    /// One level of nested calls, expressions or blocks, while it lives.
    class Level {
    public:
        explicit Level(Runtime& runtime) : m_runtime(runtime) { runtime.enter(); }
        ~Level() { --m_runtime.m_depth; }
        Level(const Level&) = delete;
        Level& operator=(const Level&) = delete;

    private:
        Runtime& m_runtime;
    };

    Value text(std::string bytes, bool markup = false);
    Value list(std::vector<Value> items) { return sequence(std::move(items), false); }
    Value tuple(std::vector<Value> items) { return sequence(std::move(items), true); }
    Value group(Value grouper, Value list);
    Value dict(Dict dict);
    template <typename T, typename... Args>
    Value object(Args&&... args) {
        auto made = std::make_shared<T>(std::forward<Args>(args)...);
        checkNesting(made->nesting());
        return Value(std::static_pointer_cast<Object>(std::move(made)));
    }
    void checkNesting(std::uint32_t nesting) const;
    /// Fails where a list of this many items would be too large, before it is built.
    void checkItems(std::uint64_t count) const { m_memory.check(count * sizeof(Value)); }
    Memory& memory() { return m_memory; }

    /// Keeps an object that could refer to itself until the end, and clears it then.
    void keep(std::shared_ptr<Object> object);

private:
    Value sequence(std::vector<Value> items, bool tuple, bool group = false);
    void enter();
    [[noreturn]] void outOfSteps() const;

    TemplateLimits m_limits;
    std::uint64_t m_steps;
    std::uint32_t m_depth = 0;
    Memory m_memory;
    std::vector<std::shared_ptr<Object>> m_kept;
};

/// A string being built, within the memory of a rendering.
class TextBuilder {
public:
    explicit TextBuilder(Runtime& runtime) : m_runtime(runtime) {}
    TextBuilder& operator<<(std::string_view more) {
        m_runtime.memory().check(m_text.size() + more.size());
        m_text += more;
        return *this;
    }
    std::size_t size() const { return m_text.size(); }
    const std::string& peek() const { return m_text; }
    std::string take() { return std::move(m_text); }

private:
    Runtime& m_runtime;
    std::string m_text;
};

} // namespace altiplano::engine::jinja
