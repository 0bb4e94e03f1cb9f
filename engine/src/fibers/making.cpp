// Making threads, and waiting for their end.

#include <cerrno>
#include <new>
#include <system_error>

#include "../event/calls/call.hpp"
#include "../event/locks/deadlines.hpp"
#include "../event/locks/joining.hpp"
#include "../event/locks/real.hpp"
#include "home.hpp"
#include "interpreter.hpp"
#include "thread.hpp"

namespace flux::event::real {

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"
inline constinit const Original<decltype(::pthread_detach)> pthread_detach{"pthread_detach"};
#pragma GCC diagnostic pop

}  // namespace flux::event::real

namespace flux::fibers {

namespace {

// Who wants a larger stack than fibers have gets a thread.
bool fits(const pthread_attr_t* attributes) noexcept {
  std::size_t size = 0;
  return attributes == nullptr || pthread_attr_getstacksize(attributes, &size) != 0 ||
         size <= Home::stack_size();
}

bool is_detached(const pthread_attr_t* attributes) noexcept {
  int state = PTHREAD_CREATE_JOINABLE;
  return attributes != nullptr && pthread_attr_getdetachstate(attributes, &state) == 0 &&
         state == PTHREAD_CREATE_DETACHED;
}

int make(pthread_t& name, bool detached, Thread::Run run, void* argument) noexcept {
  Thread* thread = nullptr;
  try {
    Home& home = Home::of_process();
    thread = new Thread{run, argument, detached};
    name = thread->name();
    home.begin(*thread);
    return 0;
  } catch (const std::exception&) {
    if (thread != nullptr) {
      thread->abandon();
    }
    return EAGAIN;
  }
}

int join_until(Thread& thread, void** result, event::Time deadline) noexcept {
  if (&thread == Thread::current()) {
    return EDEADLK;
  }
  return thread.join(deadline, result) ? 0 : ETIMEDOUT;
}

// No time: for ever.
int join(pthread_t name, void** result, clockid_t clock, const timespec* time,
         const char* what) noexcept {
  Thread* const thread = Thread::of(name);
  if (thread == nullptr) {
    return event::join_thread(name, result, {clock, time}, what);
  }
  const auto deadline = time == nullptr ? event::never : event::moment(clock, *time);
  return deadline ? join_until(*thread, result, *deadline) : EINVAL;
}

}  // namespace

}  // namespace flux::fibers

using namespace flux::event;
using namespace flux::fibers;

FLUX_INTERCEPTED int pthread_create(pthread_t* name, const pthread_attr_t* attributes,
                                    void* (*run)(void*), void* argument) noexcept {
  if (!Interpreter::contains(__builtin_return_address(0)) || !fits(attributes)) {
    return real::pthread_create(name, attributes, run, argument);
  }
  return make(*name, is_detached(attributes), run, argument);
}

FLUX_INTERCEPTED int pthread_detach(pthread_t name) noexcept {
  Thread* const thread = Thread::of(name);
  return thread == nullptr ? real::pthread_detach(name) : thread->detach() ? 0 : EINVAL;
}

FLUX_INTERCEPTED int pthread_join(pthread_t name, void** result) {
  return join(name, result, CLOCK_REALTIME, nullptr, "pthread_join");
}

FLUX_INTERCEPTED int pthread_tryjoin_np(pthread_t name, void** result) noexcept {
  Thread* const thread = Thread::of(name);
  if (thread == nullptr) {
    return real::pthread_tryjoin_np(name, result);
  }
  return join_until(*thread, result, Time::min()) == 0 ? 0 : EBUSY;
}

FLUX_INTERCEPTED int pthread_timedjoin_np(pthread_t name, void** result, const timespec* time) {
  return join(name, result, CLOCK_REALTIME, time, "pthread_timedjoin_np");
}

FLUX_INTERCEPTED int pthread_clockjoin_np(pthread_t name, void** result, clockid_t clock,
                                          const timespec* time) {
  return join(name, result, clock, time, "pthread_clockjoin_np");
}
