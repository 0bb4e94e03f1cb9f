// Arrays of buffers, of which some was transferred already.

#pragma once

#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace flux::event {

inline std::size_t size_of(std::span<const iovec> vectors) noexcept {
  std::size_t size = 0;
  for (const iovec& each : vectors) {
    size += each.iov_len;
  }
  return size;
}

// What is left, as the system calls want it. Of very many buffers it shows some at a time.
class Rest {
 public:
  explicit Rest(std::span<const iovec> vectors) noexcept : vectors_{vectors} {}

  void skip(std::size_t size) noexcept {
    offset_ += size;
    while (!vectors_.empty() && offset_ >= vectors_.front().iov_len) {
      offset_ -= vectors_.front().iov_len;
      vectors_ = vectors_.subspan(1);
    }
  }

  // Valid until the next call.
  std::span<iovec> shown() noexcept {
    const std::size_t count = std::min(vectors_.size(), window_.size());
    std::copy_n(vectors_.begin(), count, window_.begin());
    if (count > 0) {
      window_[0].iov_base = static_cast<char*>(window_[0].iov_base) + offset_;
      window_[0].iov_len -= offset_;
    }
    return std::span{window_}.first(count);
  }

 private:
  std::span<const iovec> vectors_;
  std::size_t offset_ = 0;
  std::array<iovec, 64> window_;
};

}  // namespace flux::event
