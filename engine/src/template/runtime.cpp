#include "template/runtime.h"

#include "template/unicode.h"

#include <algorithm>

namespace altiplano::engine::jinja {

Runtime::~Runtime() {
    for (const auto& object : m_kept)
        object->clear();
}

void Runtime::outOfSteps() const {
    fail("the template needs more than the " + std::to_string(m_limits.steps) + " steps allowed");
}

void Runtime::enter() {
    if (m_depth >= m_limits.depth)
        fail("calls, expressions and blocks nest deeper than the " + std::to_string(m_limits.depth) +
             " levels allowed");
    ++m_depth;
}

void Runtime::checkNesting(std::uint32_t nesting) const {
    if (nesting > m_limits.depth)
        fail("values nest deeper than the " + std::to_string(m_limits.depth) + " levels allowed");
}

void Runtime::keep(std::shared_ptr<Object> object) {
    constexpr std::uint64_t kBytes = 256; // of a small object, which nothing gives back before the end
    m_memory.take(kBytes);
    m_kept.push_back(std::move(object));
}

Value Runtime::text(std::string bytes, bool markup) {
    constexpr std::size_t kOverhead = 96; // of the shared object, for accounting
    stepBytes(bytes.size());
    const std::size_t length = countCodePoints(bytes);
    m_memory.check(bytes.size());
    Charge charge(m_memory, bytes.size() + kOverhead);
    return Value(std::make_shared<const Text>(Text{std::move(bytes), length, markup, std::move(charge)}));
}

Value Runtime::group(Value grouper, Value list) {
    return sequence({std::move(grouper), std::move(list)}, true, true);
}

Value Runtime::sequence(std::vector<Value> items, bool tuple, bool group) {
    step(1 + items.size() / 16);
    auto made = std::make_shared<Sequence>();
    for (const Value& item : items)
        made->nesting = std::max(made->nesting, 1 + item.nesting());
    checkNesting(made->nesting);
    checkItems(items.size());
    made->charge = Charge(m_memory, sizeof(Sequence) + items.size() * sizeof(Value));
    made->items = std::move(items);
    made->tuple = tuple;
    made->group = group;
    return Value(std::shared_ptr<const Sequence>(std::move(made)));
}

Value Runtime::dict(Dict dict) {
    constexpr std::size_t kEntryBytes = 160; // entry and index, for accounting
    checkNesting(dict.nesting);
    dict.charge = Charge(m_memory, sizeof(Dict) + dict.size() * kEntryBytes);
    return Value(std::make_shared<const Dict>(std::move(dict)));
}

} // namespace altiplano::engine::jinja
