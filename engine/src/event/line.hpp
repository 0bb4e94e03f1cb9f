// A line for stderr that is made without memory and written at once, as handlers of signals must.

#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace flux::event {

// What doesn't fit is left out.
class Line {
 public:
  Line& operator<<(std::string_view text) noexcept;
  Line& operator<<(std::uint64_t number) noexcept;
  Line& operator<<(std::chrono::milliseconds time) noexcept;  // in seconds: 1.204 s

  std::string_view text() const noexcept { return {text_.data(), length_}; }

  // Write it, and end it.
  void write() noexcept;

 private:
  std::array<char, 1024> text_;
  std::size_t length_ = 0;
};

// Write all of it to stderr; this is never given to another fiber, and leaves `errno` alone.
void write_to_stderr(std::string_view text) noexcept;

}  // namespace flux::event
