// Who a thread is, and what is asked by that: of a fiber, its loop's thread.

#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include "../event/calls/call.hpp"
#include "home.hpp"
#include "thread.hpp"
#include "unwatched.hpp"

namespace flux::event::real {

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"
#define FLUX_ORIGINAL(name) \
  inline constinit const Original<decltype(::name)> name { #name }

FLUX_ORIGINAL(pthread_self);
FLUX_ORIGINAL(pthread_kill);
FLUX_ORIGINAL(pthread_getattr_np);
FLUX_ORIGINAL(pthread_setname_np);
FLUX_ORIGINAL(pthread_getname_np);
FLUX_ORIGINAL(pthread_getcpuclockid);
FLUX_ORIGINAL(pthread_setaffinity_np);
FLUX_ORIGINAL(pthread_getaffinity_np);
FLUX_ORIGINAL(pthread_setschedparam);
FLUX_ORIGINAL(pthread_getschedparam);

#undef FLUX_ORIGINAL
#pragma GCC diagnostic pop

}  // namespace flux::event::real

namespace flux::fibers {

namespace {

// The kernel's thread behind a name.
pthread_t carrier(pthread_t name) noexcept {
  if (Thread::of(name) == nullptr) {
    return name;
  }
  return Thread::of(name) == Thread::current() ? event::real::pthread_self() : Home::thread();
}

}  // namespace

}  // namespace flux::fibers

using namespace flux::event;
using namespace flux::fibers;

namespace {

pthread_t own_name() noexcept {
  const Thread* const thread = Thread::current();
  return thread != nullptr ? thread->name() : real::pthread_self();
}

// Where its stack is.
int find_stack(pthread_t name, pthread_attr_t* attributes) noexcept {
  const Fiber* const fiber = Loop::fiber();
  const Thread* const thread = Thread::of(name);
  if (thread == nullptr || thread != Thread::current() || fiber == nullptr) {
    return real::pthread_getattr_np(carrier(name), attributes);
  }
  const int error = pthread_attr_init(attributes);
  return error != 0 ? error
                    : pthread_attr_setstack(attributes, fiber->stack.bottom, fiber->stack.size);
}

}  // namespace

#ifndef FLUX_TSAN

FLUX_INTERCEPTED pthread_t pthread_self() noexcept { return own_name(); }

FLUX_INTERCEPTED int pthread_getattr_np(pthread_t name, pthread_attr_t* attributes) noexcept {
  return find_stack(name, attributes);
}

#else

namespace {

FLUX_BEHIND(pthread_self)
FLUX_BEHIND(pthread_getattr_np)

}  // namespace

FLUX_INTERCEPTED FLUX_UNWATCHED pthread_t pthread_self() noexcept {
  return carries_fibers ? own_name() : behind_pthread_self();
}

FLUX_INTERCEPTED FLUX_UNWATCHED int pthread_getattr_np(pthread_t name,
                                                       pthread_attr_t* attributes) noexcept {
  return !carries_fibers && name == behind_pthread_self()
             ? behind_pthread_getattr_np(name, attributes)
             : find_stack(name, attributes);
}

#endif

FLUX_INTERCEPTED int pthread_kill(pthread_t name, int signal) noexcept {
  return real::pthread_kill(carrier(name), signal);
}

// The loop's thread keeps its own name.
FLUX_INTERCEPTED int pthread_setname_np(pthread_t name, const char* text) noexcept {
  return Thread::of(name) != nullptr ? 0 : real::pthread_setname_np(name, text);
}

FLUX_INTERCEPTED int pthread_getname_np(pthread_t name, char* text, size_t room) noexcept {
  return real::pthread_getname_np(carrier(name), text, room);
}

FLUX_INTERCEPTED int pthread_getcpuclockid(pthread_t name, clockid_t* clock) noexcept {
  return real::pthread_getcpuclockid(carrier(name), clock);
}

FLUX_INTERCEPTED int pthread_setaffinity_np(pthread_t name, size_t size,
                                            const cpu_set_t* processors) noexcept {
  return real::pthread_setaffinity_np(carrier(name), size, processors);
}

FLUX_INTERCEPTED int pthread_getaffinity_np(pthread_t name, size_t size,
                                            cpu_set_t* processors) noexcept {
  return real::pthread_getaffinity_np(carrier(name), size, processors);
}

FLUX_INTERCEPTED int pthread_setschedparam(pthread_t name, int policy,
                                           const sched_param* parameters) noexcept {
  return real::pthread_setschedparam(carrier(name), policy, parameters);
}

FLUX_INTERCEPTED int pthread_getschedparam(pthread_t name, int* policy,
                                           sched_param* parameters) noexcept {
  return real::pthread_getschedparam(carrier(name), policy, parameters);
}
