#include "ranges.hpp"

#include <algorithm>
#include <charconv>

#include "text.hpp"

namespace {

constexpr std::string_view unit = "bytes=";
constexpr std::size_t most = 16;  // ranges of one request: who asks for more gets the whole
constexpr std::int64_t largest = 1'000'000'000'000'000'000;  // more lies beyond any page, too

using Number = std::optional<std::int64_t>;

// They may be more than any type holds (RFC 9110, 14.1.1).
Number number(std::string_view digits) {
  if (digits.empty() || !text::all_digits(digits)) return {};
  std::int64_t value = 0;
  const auto end = digits.data() + digits.size();
  const bool is_too_large = std::from_chars(digits.data(), end, value).ec != std::errc{};
  return is_too_large ? largest : std::min(value, largest);
}

// The range that `first-last`, `first-` or `-size` means; one of no size if it isn't there.
std::optional<Range> range(std::string_view spec, std::int64_t size) {
  const auto dash = spec.find('-');
  if (dash == spec.npos) return {};
  const Number first = number(spec.substr(0, dash));
  const Number last = number(spec.substr(dash + 1));
  if (dash == 0) {
    if (!last) return {};
    const auto length = std::min(*last, size);
    return Range{size - length, length};
  }
  if (!first || (!last && dash + 1 < spec.size()) || (last && *last < *first)) return {};
  const auto end = last ? std::min(*last + 1, size) : size;
  return Range{*first, std::max(end - *first, std::int64_t{0})};
}

std::vector<std::string_view> specs_of(std::string_view list) {
  std::vector<std::string_view> specs;
  for (const auto part : text::split(list, ',')) {
    if (const auto spec = text::strip(part); !spec.empty()) specs.push_back(spec);
  }
  return specs;
}

}  // namespace

std::optional<std::vector<Range>> read_ranges(std::span<const std::string_view> fields,
                                              std::int64_t size) {
  if (fields.size() != 1) return {};
  const auto field = fields.front();
  if (text::lower(field.substr(0, unit.size())) != unit) return {};
  const auto specs = specs_of(field.substr(unit.size()));
  if (specs.empty() || specs.size() > most) return {};
  std::vector<Range> there;
  std::int64_t sum = 0;
  for (const auto spec : specs) {
    const auto found = range(spec, size);
    if (!found) return {};
    sum += found->size;
    if (found->size > 0) there.push_back(*found);
  }
  if (sum > size) return {};
  return there;
}
