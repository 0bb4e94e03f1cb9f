#include "line.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

namespace flux::event {

namespace {

constexpr std::size_t end_of_line = 1;

}  // namespace

Line& Line::operator<<(std::string_view text) noexcept {
  const std::size_t room = text_.size() - end_of_line - length_;
  const std::size_t count = std::min(room, text.size());
  std::copy_n(text.data(), count, text_.data() + length_);
  length_ += count;
  return *this;
}

Line& Line::operator<<(std::uint64_t number) noexcept {
  std::array<char, 20> digits;
  const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return *this << std::string_view{digits.data(), static_cast<std::size_t>(end - digits.data())};
}

Line& Line::operator<<(std::chrono::milliseconds time) noexcept {
  const auto whole = static_cast<std::uint64_t>(std::max<std::int64_t>(0, time.count()));
  const std::uint64_t rest = whole % 1000;
  return *this << whole / 1000 << (rest < 10 ? ".00" : rest < 100 ? ".0" : ".") << rest << " s";
}

void Line::write() noexcept {
  text_[length_++] = '\n';
  write_to_stderr(text());
}

// Not by `write`, which this engine defines.
void write_to_stderr(std::string_view text) noexcept {
  const int before = errno;
  while (!text.empty()) {
    const long written = syscall(SYS_write, STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      break;
    }
    text.remove_prefix(static_cast<std::size_t>(std::max(written, 0L)));
  }
  errno = before;
}

}  // namespace flux::event
