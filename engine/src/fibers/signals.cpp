// Waiting for signals: on a helper thread, which blocks them all, as who waits for one must. First
// the loop's thread looks, for some are sent to a thread.

#include <signal.h>

#include "../event/calls/call.hpp"
#include "../event/helpers.hpp"

namespace flux::event::real {

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"
inline constinit const Original<decltype(::sigtimedwait)> sigtimedwait{"sigtimedwait"};
#pragma GCC diagnostic pop

}  // namespace flux::event::real

namespace flux::fibers {

namespace {

using namespace event;

// No time: for ever.
int await_signal(const sigset_t& signals, siginfo_t* told, const timespec* time) noexcept {
  constexpr timespec none{};
  const int first = on_fiber() ? real::sigtimedwait(&signals, told, &none) : -1;
  if (first != -1 || (on_fiber() && errno != EAGAIN)) {
    return first;
  }
  int result = -1;
  run_aside([&]() noexcept { result = real::sigtimedwait(&signals, told, time); }, "sigtimedwait");
  return result;
}

int wait_for_signal(const sigset_t& signals, siginfo_t* told, const timespec* time) noexcept {
  return keeping_errno([&]() noexcept { return await_signal(signals, told, time); });
}

}  // namespace

}  // namespace flux::fibers

using flux::fibers::wait_for_signal;

FLUX_INTERCEPTED int sigtimedwait(const sigset_t* signals, siginfo_t* told, const timespec* time) {
  return wait_for_signal(*signals, told, time);
}

FLUX_INTERCEPTED int sigwaitinfo(const sigset_t* signals, siginfo_t* told) {
  return wait_for_signal(*signals, told, nullptr);
}

// Of a signal with a handler it hears nothing, but begins anew.
FLUX_INTERCEPTED int sigwait(const sigset_t* signals, int* signal) {
  int result = -1;
  do {
    result = wait_for_signal(*signals, nullptr, nullptr);
  } while (result == -1 && errno == EINTR);
  if (result == -1) {
    return errno;
  }
  *signal = result;
  return 0;
}
