// What the parent of workers waits for: signals, its workers' words, and the time.

#pragma once

#include <signal.h>

#include <chrono>
#include <optional>
#include <span>

#include "flux/nodes/descriptor.hpp"

namespace flux::workers {

// Hears signals as long as it lives, on the only thread. A signal that was ignored when the server
// was started, as by `nohup`, still is.
class Hearing {
 public:
  Hearing();
  ~Hearing();
  Hearing(const Hearing&) = delete;
  Hearing& operator=(const Hearing&) = delete;

  // Sleep until one of the lines can be read, a signal has come, or the time has.
  void wait(std::span<const int> lines, std::chrono::steady_clock::time_point until) const;

  // The next signal that has come.
  std::optional<int> signal() const noexcept;

 private:
  nodes::detail::Descriptor signals_;
  sigset_t mask_before_{};
};

}  // namespace flux::workers
