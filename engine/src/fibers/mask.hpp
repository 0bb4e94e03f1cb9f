// Which signals a thread blocks. The loop's thread blocks those of the fiber that runs.

#pragma once

#include <signal.h>

#include <cstdint>

namespace flux::fibers {

class Mask {
 public:
  // That of the thread that asks, which is handed down to those that it makes.
  static Mask current() noexcept;

  // Let the calling thread block these, and no others; unless it does so already.
  void apply() const noexcept;

 private:
  std::uint64_t blocked_ = 0;  // as the kernel has it, a bit for each signal
};

}  // namespace flux::fibers
