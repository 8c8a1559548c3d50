#include "template/arguments.h"
#include "template/iteration.h"
#include "template/objects.h"
#include "template/operators.h"
#include "template/printing.h"
#include "template/runtime.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <unordered_map>

namespace altiplano::engine::jinja {

namespace {

Value range(Runtime& runtime, const Arguments& a) {
    const auto [first, second, third] = bind("range", a, {"", "", ""}, 1);
    const Int start = second ? intArgument(*first) : 0, stop = intArgument(second ? *second : *first);
    return runtime.object<Range>(start, stop, third ? intArgument(*third) : 1);
}

/// Python's dict(mapping or pairs, **named).
Dict makeDict(Runtime& runtime, const Arguments& a) {
    if (a.positional.size() > 1)
        fail("dict expected at most 1 argument, got " + std::to_string(a.positional.size()));
    Dict dict;
    if (!a.positional.empty()) {
        const Value& from = a.positional[0];
        if (from.dict()) {
            for (const auto& [key, value] : from.dict()->entries())
                dict.set(runtime, key, value);
        } else {
            Pull pull = iterate(runtime, from);
            while (const auto item = pull(runtime)) {
                const auto pair = collect(runtime, *item);
                if (pair.size() != 2)
                    fail("dictionary update sequence element has length " + std::to_string(pair.size()) +
                         "; 2 is required");
                dict.set(runtime, pair[0], pair[1]);
            }
        }
    }
    for (const auto& [name, value] : a.named)
        dict.set(runtime, runtime.text(name), value);
    return dict;
}

Value dict(Runtime& runtime, const Arguments& a) {
    return runtime.dict(makeDict(runtime, a));
}

Value makeNamespace(Runtime& runtime, const Arguments& a) {
    const Dict attributes = makeDict(runtime, a);
    auto made = std::make_shared<Namespace>(Dict());
    for (const auto& [name, value] : attributes.entries())
        made->set(runtime, name, value);
    runtime.keep(made);
    return Value(std::static_pointer_cast<Object>(made));
}

Value raiseException(Runtime& runtime, const Arguments& a) {
    const auto [message] = bind("raise_exception", a, {"message"}, 1);
    fail(str(runtime, *message));
}

/// datetime.now().strftime(format), in local time.
Value strftimeNow(Runtime& runtime, const Arguments& a) {
    const auto [given] = bind("strftime_now", a, {"format"}, 1);
    const auto now = std::chrono::system_clock::now();
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    std::tm local{};
    localtime_r(&seconds, &local);
    const auto micros =
        std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count() % 1'000'000;
    std::string format;
    const std::string& asked = textArgument(*given).bytes;
    for (std::size_t i = 0; i < asked.size(); ++i) { // what datetime resolves before the C library does
        if (asked[i] != '%' || i + 1 == asked.size())
            format += asked[i];
        else if (asked[++i] == 'f')
            format += std::to_string(1'000'000 + micros).substr(1);
        else if (asked[i] != 'z' && asked[i] != 'Z')
            format += {'%', asked[i]}; // a time without a zone has none to show
    }
    const std::size_t most = 256 * (format.size() + 1);
    runtime.memory().check(most);
    std::string out(most, '\0');
    out.resize(format.empty() ? 0 : std::strftime(out.data(), out.size(), format.c_str(), &local));
    return runtime.text(out);
}

/// jinja2's cycler(...): current, next() and reset().
class Cycler : public Object {
public:
    explicit Cycler(std::vector<Value> items) : m_items(std::move(items)) {}
    std::string_view typeName() const override { return "Cycler"; }
    std::uint32_t nesting() const override {
        std::uint32_t deepest = 0;
        for (const Value& item : m_items)
            deepest = std::max(deepest, item.nesting());
        return deepest + 1;
    }
    std::optional<Value> attribute(Runtime& runtime, std::string_view name) override {
        const auto method = [&](BoundMethod::Body body) {
            return runtime.object<BoundMethod>(Value(shared_from_this()), name, body);
        };
        if (name == "current") return m_items[m_at];
        if (name == "next")
            return method(
                [](Runtime&, const Value& self, const Arguments&) { return self.object<Cycler>()->next(); });
        if (name == "reset")
            return method([](Runtime&, const Value& self, const Arguments&) {
                self.object<Cycler>()->m_at = 0;
                return Value();
            });
        return std::nullopt;
    }

private:
    Value next() {
        const Value item = m_items[m_at];
        m_at = (m_at + 1) % m_items.size();
        return item;
    }
    std::vector<Value> m_items;
    std::size_t m_at = 0;
};

Value cycler(Runtime& runtime, const Arguments& a) {
    if (a.positional.empty() || !a.named.empty()) fail("at least one item has to be provided");
    return runtime.object<Cycler>(a.positional);
}

/// jinja2's joiner(separator): nothing when called first, then the separator.
class Joiner : public Object {
public:
    explicit Joiner(Value separator) : m_separator(std::move(separator)) {}
    std::string_view typeName() const override { return "Joiner"; }
    std::uint32_t nesting() const override { return m_separator.nesting() + 1; }
    bool callable() const override { return true; }
    Value call(Runtime& runtime, const Arguments& a) override {
        bindNothing("joiner", a);
        return std::exchange(m_used, true) ? m_separator : runtime.text("");
    }

private:
    Value m_separator;
    bool m_used = false;
};

Value joiner(Runtime& runtime, const Arguments& a) {
    const auto [separator] = bind("joiner", a, {"sep"});
    return runtime.object<Joiner>(separator ? *separator : runtime.text(", "));
}

} // namespace

std::optional<Value> globalNamed(Runtime& runtime, std::string_view name) {
    static const std::unordered_map<std::string_view, Function::Body> kGlobals{
        {"range", range},
        {"dict", dict},
        {"namespace", makeNamespace},
        {"raise_exception", raiseException},
        {"strftime_now", strftimeNow},
        {"cycler", cycler},
        {"joiner", joiner}};
    const auto found = kGlobals.find(name);
    if (found == kGlobals.end()) return std::nullopt;
    return runtime.object<Function>(found->first, found->second);
}

} // namespace altiplano::engine::jinja
