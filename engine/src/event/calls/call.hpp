// How a call that would block is made by a fiber.
//
// The call is tried without waiting, by a flag of the call itself: the file's own O_NONBLOCK is not
// changed, for others see it, too (but see `without_waiting`). Only where the try fails is it asked
// whether the caller has set that flag, and so wants to be told, and whether the socket has a
// time-out of its own: both are asked of the kernel, which knows them whoever has set them, through
// whatever duplicate. Then the fiber waits, and tries again.
//
// A fiber that waits for a descriptor which another one closes is told EBADF. The plain call would
// wait on, for the file lives as long as the call: for ever, most often, and a thread that does so
// can be abandoned, but a loop's fibers should come to an end. Who closes a descriptor to end
// somebody's wait for it means just that.
//
// Calls that succeed leave `errno` as it was. Each of them may let other fibers run, even if it
// needn't wait (see loop.hpp).

#pragma once

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <optional>

#include "../loop.hpp"
#include "../waiting.hpp"
#include "real.hpp"

// What is defined here stands in the place of libc's, also for shared libraries.
#define FLUX_INTERCEPTED extern "C" __attribute__((visibility("default")))

// By this `link_calls` knows each file.
#define FLUX_CALLS(file)          \
  namespace flux::event::linked { \
  extern const char file;         \
  const char file = 0;            \
  }

namespace flux::event {

// Whether a fiber is calling, so that there is something to intercept.
inline bool on_fiber() noexcept { return Loop::fiber() != nullptr; }

inline bool would_block(int error) noexcept { return error == EAGAIN || error == EWOULDBLOCK; }

// Whether the caller wants to be told that a call would block.
bool is_nonblocking(int descriptor) noexcept;

// A call begins that may wait: others run, if it is time to. Who has set O_NONBLOCK relies on
// nobody running meanwhile.
inline void begin_call(int descriptor) noexcept {
  if (Loop::is_time_for_others() && !is_nonblocking(descriptor)) [[unlikely]] {
    Loop::current()->let_others_run();
  }
}

// Until when a call may wait that begins now: SO_RCVTIMEO or SO_SNDTIMEO.
std::optional<Time> deadline_of(int descriptor, int option) noexcept;

// Waits of one call for one descriptor, which share a deadline.
class Patience {
 public:
  Patience(int descriptor, std::uint32_t events, int option, const char* what) noexcept
      : descriptor_{descriptor}, events_{events}, option_{option}, what_{what} {}

  // The call would block: wait; false, with `errno`, if it is to fail instead. `late` is what to
  // tell if the time is over.
  bool wait(int late = EAGAIN) noexcept;

  int descriptor() const noexcept { return descriptor_; }

  // Whether the caller wants to be told instead.
  bool is_refused() noexcept;

 private:
  bool wait_once(int late, bool& again) noexcept;

  int descriptor_;
  std::uint32_t events_;
  int option_;  // 0: none
  const char* what_;
  bool has_asked_ = false;
  bool is_refused_ = false;
  std::optional<Time> deadline_{};
};

// Make a call, of which -1 is a failure, and keep `errno` unless it fails.
template <class Call>
auto keeping_errno(Call call) noexcept -> decltype(call()) {
  const int before = errno;
  const auto result = call();
  if (result != -1) {
    errno = before;
  }
  return result;
}

// Make a call until it doesn't fail for having to wait.
template <class Try>
auto until_done(Patience patience, Try attempt) noexcept -> decltype(attempt()) {
  begin_call(patience.descriptor());
  return keeping_errno([&]() noexcept {
    while (true) {
      const auto result = attempt();
      if (result != -1 || !would_block(errno) || !patience.wait()) {
        return result;
      }
    }
  });
}

// Make one call that must not wait, but has no flag to say so: `accept`, `connect`, `sendfile`.
// Only the file has one, which is set for as long as the call takes; no other fiber of this loop
// can run in between. Who uses the same open file on another thread, or in another process, might
// just then be told EAGAIN; to ask `poll` first would risk more, for then another could be quicker,
// and the whole loop would wait. `status` is what F_GETFL has told.
template <class Call>
auto without_waiting(int descriptor, int status, Call call) noexcept -> decltype(call()) {
  real::fcntl(descriptor, F_SETFL, status | O_NONBLOCK);
  const auto result = call();
  const int error = errno;
  real::fcntl(descriptor, F_SETFL, status);
  errno = error;
  return result;
}

// Whether `poll` says that there is one of these events, or an error, or an end.
bool is_ready(int descriptor, short events) noexcept;

// Whether a handler of the program's has such signals interrupt calls; `any`: also those calls that
// begin anew after other handlers. Nobody tells which signal it was. So faults don't count, which
// interrupt no wait, nor do those handlers that the engine itself has installed.
bool signals_interrupt(bool any) noexcept;

// What the fortified functions do with a buffer that is too small.
void check_room(std::size_t size, std::size_t room) noexcept;

}  // namespace flux::event
