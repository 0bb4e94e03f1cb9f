#include "mask.hpp"

#include <cstring>

#include "../event/calls/call.hpp"
#include "thread.hpp"

namespace flux::event::real {

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"
inline constinit const Original<decltype(::pthread_sigmask)> pthread_sigmask{"pthread_sigmask"};
#pragma GCC diagnostic pop

}  // namespace flux::event::real

namespace flux::fibers {

namespace {

// What the calling thread blocks, as far as fibers have changed it.
constinit thread_local std::uint64_t applied = 0;
constinit thread_local bool has_applied = false;

}  // namespace

Mask Mask::current() noexcept {
  sigset_t signals;
  sigemptyset(&signals);
  event::real::pthread_sigmask(SIG_SETMASK, nullptr, &signals);
  Mask mask;
  std::memcpy(&mask.blocked_, &signals, sizeof mask.blocked_);
  return mask;
}

void Mask::apply() const noexcept {
  if (has_applied && applied == blocked_) [[likely]] {
    return;
  }
  sigset_t signals;
  sigemptyset(&signals);
  std::memcpy(&signals, &blocked_, sizeof blocked_);
  event::real::pthread_sigmask(SIG_SETMASK, &signals, nullptr);
  applied = blocked_;
  has_applied = true;
}

}  // namespace flux::fibers

using namespace flux::fibers;

FLUX_INTERCEPTED int pthread_sigmask(int how, const sigset_t* signals, sigset_t* before) noexcept {
  const int error = flux::event::real::pthread_sigmask(how, signals, before);
  Thread* const thread = Thread::current();
  if (thread != nullptr && error == 0 && signals != nullptr) {
    thread->mask = Mask::current();
    thread->mask.apply();
  }
  return error;
}
