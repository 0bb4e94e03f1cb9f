// How a function of the implementation is called: on which thread, and what is kept for who handles
// its failure.

#pragma once

#include <flux/aside.hpp>
#include <tuple>
#include <type_traits>
#include <utility>

namespace flux {

// Whether a function holds up its thread; the program says so of those that are marked `blocking`.
template <auto& Function>
inline constexpr bool is_blocking = false;

// Call a function of the implementation, on a helper thread if it would hold up other flows.
template <auto& Function, class... Values>
[[gnu::always_inline]] inline int call(Values&&... values) {
  if constexpr (is_blocking<Function>) {
    return aside([&] { return Function(std::move(values)...); });
  } else {
    return Function(std::move(values)...);
  }
}

// The values that a handler will get, should the node fail that they are given to.
template <class... Values>
std::tuple<Values...> copies(const Values&... values) {
  static_assert((std::is_copy_constructible_v<Values> && ...),
                "a node with a handler needs inputs that can be copied");
  return {values...};
}

}  // namespace flux
