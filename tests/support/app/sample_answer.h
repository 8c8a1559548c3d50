#pragma once

#include <QString>

namespace altiplano::app {

/// An answer with one of everything that Markdown has.
inline const QString kSampleAnswer = QString::fromUtf8(R"(## Reversing a list

There are **three ways**, each with its *own* price. The built-in `reversed()` copies nothing; see
[the documentation](https://docs.python.org/3/library/functions.html#reversed).

1. `items[::-1]` makes a ~~new~~ *copy*:

   ```python
   def reverse(items: list[int]) -> list[int]:
       """A copy, back to front."""
       return items[::-1]  # O(n) time, O(n) memory
   ```
2. `items.reverse()` works in place.
   - It returns `None`,
   - so do not write `x = x.reverse()`.
3. `reversed(items)` is lazy.

| Way | Time | Memory | In place |
|:----|-----:|-------:|:--------:|
| `items[::-1]` | O(n) | O(n) | no |
| `items.reverse()` | O(n) | O(1) | **yes** |
| `reversed(items)` | O(1) | O(1) | no |

> A copy costs $n$ moves: $$\sum_{i=1}^{n} 1 = n$$
>
> > Premature optimization is the root of all evil.

\[ T(n) = \frac{n(n+1)}{2} \in O(n^2) \]

- [x] Reverse a list
- [ ] Reverse a string

```cpp
template <typename T>
std::vector<T> reversed(const std::vector<T>& items) { // a line that is far too long to fit into the column of the page
    return {items.rbegin(), items.rend()};
}
```

---

That is all. <b>HTML</b> stays text.
)");

} // namespace altiplano::app
