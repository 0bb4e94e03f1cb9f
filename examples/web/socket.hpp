// A socket, closed at the end of its owner's life.

#pragma once

#include <unistd.h>

#include <utility>

class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_{descriptor} {}
  Socket(Socket&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
  Socket& operator=(Socket other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  // Give it away, open.
  int release() { return std::exchange(descriptor_, -1); }

  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};
