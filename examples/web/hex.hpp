// Numbers in sixteens.

#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <string>

inline std::string hex(std::uint64_t number) {
  std::array<char, 16> digits{};
  return {digits.data(), std::to_chars(digits.begin(), digits.end(), number, 16).ptr};
}
