// The parts of a page that a client asks for (RFC 9110, 14).

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

struct Range {
  std::int64_t start;
  std::int64_t size;
};

// The ranges that there are of those asked for, perhaps none; nothing to give the whole.
//
// The whole it is for what is no list of ranges of bytes, for too many, and for ranges that
// together are longer than the whole.
std::optional<std::vector<Range>> read_ranges(std::span<const std::string_view> fields,
                                              std::int64_t size);
