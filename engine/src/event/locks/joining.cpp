// Waiting for the end of a thread: a helper thread waits for it, and wakes the fiber.
//
// The system can tell a descriptor of the end of a process, and of a thread only since Linux 6.9.
// A helper costs some 20 us, as did the thread that is waited for.

#include "joining.hpp"

#include <signal.h>

#include <cerrno>

#include "../calls/call.hpp"
#include "deadlines.hpp"
#include "real.hpp"

namespace flux::event {

namespace {

class Joining {
 public:
  Joining(Fiber& fiber, pthread_t thread, void** value, Limit limit) noexcept
      : fiber_{fiber}, thread_{thread}, value_{value}, limit_{limit} {}

  int wait(const char* what) noexcept {
    if (!start_helper()) {
      return try_for_long(what);
    }
    fiber_.awaited = {what};
    fiber_.park();
    fiber_.awaited = {};
    real::pthread_join(helper_, nullptr);  // it has nothing left to do
    return error_;
  }

 private:
  // It must hear no signals that are meant for the program.
  bool start_helper() noexcept {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int error = real::pthread_create(&helper_, nullptr, help, this);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return error == 0;
  }

  static void* help(void* argument) noexcept {
    auto& self = *static_cast<Joining*>(argument);
    const auto [clock, time] = self.limit_;
    self.error_ = time == nullptr
                      ? real::pthread_join(self.thread_, self.value_)
                      : real::pthread_clockjoin_np(self.thread_, self.value_, clock, time);
    self.fiber_.unpark();
    return nullptr;
  }

  // The system can't make a thread.
  int try_for_long(const char* what) noexcept {
    constexpr std::chrono::milliseconds pause{5};
    const Time deadline =
        limit_.time == nullptr ? never : moment(limit_.clock, *limit_.time).value_or(Time::min());
    int error = EBUSY;
    while ((error = real::pthread_tryjoin_np(thread_, value_)) == EBUSY) {
      if (Clock::now() >= deadline) {
        return ETIMEDOUT;
      }
      fiber_.awaited = {what};
      fiber_.park_until(Clock::now() + pause);
      fiber_.awaited = {};
    }
    return error;
  }

  Fiber& fiber_;
  pthread_t thread_;
  void** value_;
  Limit limit_;
  pthread_t helper_{};
  int error_ = 0;
};

int join(Fiber& fiber, pthread_t thread, void** value, Limit limit, const char* what) noexcept {
  if (limit.time != nullptr && !moment(limit.clock, *limit.time)) {
    return EINVAL;
  }
  if (pthread_equal(thread, pthread_self()) != 0) {
    return EDEADLK;
  }
  const int error = real::pthread_tryjoin_np(thread, value);
  return error != EBUSY ? error : Joining{fiber, thread, value, limit}.wait(what);
}

}  // namespace

int join_thread(pthread_t thread, void** value, Limit limit, const char* what) noexcept {
  if (Fiber* const fiber = Loop::fiber()) {
    return join(*fiber, thread, value, limit, what);
  }
  return limit.time == nullptr ? real::pthread_join(thread, value)
                               : real::pthread_clockjoin_np(thread, value, limit.clock, limit.time);
}

}  // namespace flux::event
