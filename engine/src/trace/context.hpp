// Where a flow stands in a trace, as servers tell each other: the header `traceparent` of W3C Trace
// Context (https://www.w3.org/TR/trace-context/).

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace flux::trace {

struct Context {
  std::array<std::uint64_t, 2> trace{};
  std::uint64_t span = 0;
  bool is_sampled = false;

  // A new trace, with a span that others can be counted from.
  static Context random() noexcept;

  // None if the text is no context. Versions to come may say more behind what this one says.
  static std::optional<Context> parse(std::string_view text) noexcept;

  std::string text() const;

  // The span of the flow's n-th step: all are counted from the flow's own.
  Context of_step(std::uint64_t number) const noexcept {
    return {.trace = trace, .span = span + 1 + number, .is_sampled = is_sampled};
  }

  friend bool operator==(const Context&, const Context&) = default;
};

// As sixteen hexadecimal digits.
std::string hex(std::uint64_t number);

}  // namespace flux::trace
