#include "context.hpp"

#include <sys/random.h>

#include <chrono>
#include <cstddef>

namespace flux::trace {

namespace {

constexpr std::size_t size = 55;  // 00-, 32 digits, -, 16 digits, -, 2 digits
constexpr std::string_view digits = "0123456789abcdef";

// The number that lower-case digits stand for, as the standard has them.
std::optional<std::uint64_t> number(std::string_view text) noexcept {
  std::uint64_t sum = 0;
  for (const char each : text) {
    const std::size_t digit = digits.find(each);
    if (digit == digits.npos) {
      return std::nullopt;
    }
    sum = sum << 4 | digit;
  }
  return sum;
}

bool has_its_form(std::string_view text) noexcept {
  const bool is_known = text.starts_with("00");
  return text.size() >= size && text[2] == '-' && text[35] == '-' && text[52] == '-' &&
         (text.size() == size || (!is_known && text[size] == '-'));
}

}  // namespace

// Before the system has random numbers, the time must do.
Context Context::random() noexcept {
  std::array<std::uint64_t, 3> made{};
  if (getrandom(made.data(), sizeof made, GRND_NONBLOCK) != sizeof made) {
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    made.fill(static_cast<std::uint64_t>(now) * 0x9E37'79B9'7F4A'7C15u);
  }
  const std::uint64_t span = (made[2] >> 1) | 1;  // the spans counted from it are never 0
  return {.trace = {made[0], made[1] | 1}, .span = span, .is_sampled = true};
}

std::optional<Context> Context::parse(std::string_view text) noexcept {
  if (!has_its_form(text)) {
    return std::nullopt;
  }
  const auto version = number(text.substr(0, 2));
  const auto high = number(text.substr(3, 16));
  const auto low = number(text.substr(19, 16));
  const auto span = number(text.substr(36, 16));
  const auto flags = number(text.substr(53, 2));
  if (!version || version == 0xff || !high || !low || (*high | *low) == 0 || !span || span == 0 ||
      !flags) {
    return std::nullopt;
  }
  return Context{.trace = {*high, *low}, .span = *span, .is_sampled = (*flags & 1) != 0};
}

std::string Context::text() const {
  return "00-" + hex(trace[0]) + hex(trace[1]) + "-" + hex(span) + (is_sampled ? "-01" : "-00");
}

std::string hex(std::uint64_t number) {
  std::string text(16, '0');
  for (std::size_t place = text.size(); place-- > 0; number >>= 4) {
    text[place] = digits[number & 15];
  }
  return text;
}

}  // namespace flux::trace
