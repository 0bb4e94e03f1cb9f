// Waiting for several descriptors at once, as a fiber does it.

#pragma once

#include <poll.h>
#include <signal.h>

#include <optional>
#include <span>

#include "../timers.hpp"

namespace flux::event {

// Like `ppoll`.
int poll_until(std::span<pollfd> polled, std::optional<Time> deadline, const char* what,
               const sigset_t* mask) noexcept;

// When a time from now is over; never without one.
std::optional<Time> deadline_in(const timespec* timeout) noexcept;

bool is_time(const timespec& time) noexcept;

// The signals that a call lets in by its mask, and the thread keeps out.
//
// The mask is the thread's, so other fibers would run with it if it were set while this one waits.
// It is set only in tries that don't wait, in which such signals are handled; and a descriptor
// tells the loop when there is one, so that there is a try. Signals that only the call's mask keeps
// out are handled as ever, for that is what the other fibers expect.
class Admitted {
 public:
  explicit Admitted(const sigset_t* mask) noexcept;
  Admitted(const Admitted&) = delete;
  Admitted& operator=(const Admitted&) = delete;
  ~Admitted();

  // To be waited for; -1: there are none.
  int descriptor() const noexcept { return descriptor_; }

 private:
  int descriptor_ = -1;
};

}  // namespace flux::event
