#pragma once

#include "template/failure.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

/// The values of a template, as Python's: immutable, shared, and printed and compared by Python's rules.
namespace altiplano::engine::jinja {

/// Python's int, as far as 2**120 either way; what goes beyond is a Failure.
__extension__ typedef __int128 Int;

class Runtime;
class Object;
struct Text;
struct Sequence;
class Dict;

/// jinja2's Undefined: prints as nothing, and fails with its message when used for more.
struct Undefined {
    std::shared_ptr<const std::string> message;
};
struct None {};

class Value {
public:
    Value() : m_data(None{}) {}
    Value(Undefined v) : m_data(std::move(v)) {}
    Value(bool v) : m_data(v) {}
    Value(Int v) : m_data(v) {}
    Value(double v) : m_data(v) {}
    Value(std::shared_ptr<const Text> v) : m_data(std::move(v)) {}
    Value(std::shared_ptr<const Sequence> v) : m_data(std::move(v)) {}
    Value(std::shared_ptr<const Dict> v) : m_data(std::move(v)) {}
    Value(std::shared_ptr<Object> v) : m_data(std::move(v)) {}
    template <typename Pointer>
    Value(Pointer*) = delete; // would become a bool
    static Value integer(std::uint64_t v) { return Value(static_cast<Int>(v)); }
    static Value undefined(std::string message) {
        return Value(Undefined{std::make_shared<const std::string>(std::move(message))});
    }

    template <typename T>
    bool is() const {
        return std::holds_alternative<T>(m_data);
    }
    template <typename T>
    const T* as() const {
        return std::get_if<T>(&m_data);
    }
    bool isUndefined() const { return is<Undefined>(); }
    bool isNone() const { return is<None>(); }
    const Text* text() const { return pointee<const Text>(); }
    const Sequence* sequence() const { return pointee<const Sequence>(); }
    const Dict* dict() const { return pointee<const Dict>(); }
    Object* object() const { return pointee<Object>(); }
    template <typename T>
    T* object() const {
        return dynamic_cast<T*>(object());
    }
    /// Whether both are one object, as Python's `is` says where that is well defined.
    bool same(const Value& other) const;

    /// How deep containers nest in this one; bounded, so that walks and destructors stay shallow.
    std::uint32_t nesting() const;
    /// Python's name of the type, such as "str".
    std::string_view typeName() const;

private:
    template <typename T>
    T* pointee() const {
        const auto* p = std::get_if<std::shared_ptr<T>>(&m_data);
        return p ? p->get() : nullptr;
    }
    std::variant<None, Undefined, bool, Int, double, std::shared_ptr<const Text>,
                 std::shared_ptr<const Sequence>, std::shared_ptr<const Dict>, std::shared_ptr<Object>>
        m_data;
};

/// The memory that the values of one rendering hold.
class Memory {
public:
    explicit Memory(std::uint64_t largest) : m_largest(largest), m_room(4 * largest + (1u << 20)) {}
    void take(std::uint64_t bytes);
    void give(std::uint64_t bytes) { m_room += bytes; }
    /// Fails where a value of this many bytes would be too large, before it is built.
    void check(std::uint64_t bytes) const;
    std::uint64_t largest() const { return m_largest; }

private:
    std::uint64_t m_largest, m_room;
};

/// A share of the memory, given back by the destructor.
class Charge {
public:
    Charge() = default;
    Charge(Memory& memory, std::uint64_t bytes) : m_memory(&memory), m_bytes(bytes) { memory.take(bytes); }
    Charge(Charge&& other) noexcept
        : m_memory(std::exchange(other.m_memory, nullptr)), m_bytes(std::exchange(other.m_bytes, 0)) {}
    Charge& operator=(Charge&& other) noexcept {
        std::swap(m_memory, other.m_memory);
        std::swap(m_bytes, other.m_bytes);
        return *this;
    }
    ~Charge() {
        if (m_memory) m_memory->give(m_bytes);
    }

private:
    Memory* m_memory = nullptr;
    std::uint64_t m_bytes = 0;
};

struct Text {
    std::string bytes;      ///< valid UTF-8
    std::size_t length = 0; ///< in code points
    bool markup = false;    ///< markupsafe's Markup: joining it with plain text escapes that text
    Charge charge;
};

/// A list or a tuple.
struct Sequence {
    std::vector<Value> items;
    bool tuple = false;
    bool group = false; ///< a pair of the filter groupby, whose parts are also .grouper and .list
    std::uint32_t nesting = 1;
    Charge charge;
};

/// Keys in the order of their first insertion.
class Dict {
public:
    struct Entry {
        Value key, value;
    };
    const std::vector<Entry>& entries() const { return m_entries; }
    std::size_t size() const { return m_entries.size(); }
    /// The value of a key, or null. `runtime` pays for comparisons; keys that are strings cost none.
    const Value* find(Runtime& runtime, const Value& key) const;
    const Value* find(std::string_view key) const;
    /// Fails where the key cannot be one (a list, say).
    void set(Runtime& runtime, const Value& key, Value value);

    std::uint32_t nesting = 1;
    Charge charge;

private:
    std::optional<std::size_t> locate(Runtime& runtime, const Value& key) const;
    std::optional<std::size_t> locate(std::string_view key) const;

    std::vector<Entry> m_entries;
    std::unordered_map<std::string_view, std::size_t> m_texts; ///< where the entry of a string key is
    std::vector<std::size_t> m_others;                         ///< the entries of other keys
};

/// Gives the next item of an iteration, and nothing at its end.
using Pull = std::function<std::optional<Value>(Runtime&)>;

struct Arguments {
    std::vector<Value> positional;
    std::vector<std::pair<std::string, Value>> named;
};

/// Everything else that a template can hold: functions, iterators, ranges, namespaces, ...
class Object : public std::enable_shared_from_this<Object> {
public:
    Object() = default;
    Object(const Object&) = delete;
    Object& operator=(const Object&) = delete;
    virtual ~Object() = default;
    virtual std::string_view typeName() const = 0;
    virtual std::uint32_t nesting() const { return 1; }
    virtual std::string repr(Runtime&) { return "<" + std::string(typeName()) + " object>"; }
    virtual std::optional<Value> attribute(Runtime&, std::string_view) { return std::nullopt; }
    virtual bool callable() const { return false; }
    virtual Value call(Runtime&, const Arguments&);
    virtual Pull iterate(Runtime&) { return nullptr; } ///< null where it cannot be iterated
    virtual std::optional<std::uint64_t> length(Runtime&) { return std::nullopt; }
    /// Forgets what it holds; called at the end of a rendering on objects that could refer to themselves.
    virtual void clear() {}
};

} // namespace altiplano::engine::jinja
