// Something that happens once, and the one thread that waits for it and for signals.
//
// A futex would be simpler. But ThreadSanitizer runs signal handlers only within calls that it
// knows, as `poll` is.

#pragma once

#include <optional>

#include "futex.hpp"

namespace flux {

class EventDescriptor {
 public:
  // Throws std::system_error.
  EventDescriptor();
  ~EventDescriptor();
  EventDescriptor(const EventDescriptor&) = delete;
  EventDescriptor& operator=(const EventDescriptor&) = delete;

  // May be called by signal handlers.
  void set() noexcept;

  // Whether it has happened by then.
  bool wait(std::optional<Deadline> deadline = {}) noexcept;

  // Wait for one of two; whether it is the first that has happened.
  static bool wait_for_first(EventDescriptor& first, EventDescriptor& second) noexcept;

  // Let it happen again.
  void reset() noexcept { seen_ = false; }

  bool is_set() noexcept { return wait(Deadline::min()); }

 private:
  int descriptor_;
  bool seen_ = false;
};

}  // namespace flux
