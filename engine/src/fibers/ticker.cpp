#include "ticker.hpp"

#include <dlfcn.h>
#include <sched.h>
#include <signal.h>

#include "../event/calls/real.hpp"
#include "../event/locks/real.hpp"
#include "../futex.hpp"
#include "../threads.hpp"

namespace flux::fibers {

namespace {

using event::Clock;
using std::chrono::milliseconds;

constexpr milliseconds between_looks{2};
constexpr milliseconds longest_turn{3};
constexpr milliseconds shortest_wait{1};  // for a lock that somebody has
constexpr milliseconds longest_hold{2};

// The interpreter's lock, for threads that it hasn't made.
struct Lock {
  int (*exists)() = nullptr;
  int (*take)() = nullptr;
  void (*give_back)(int) = nullptr;

  bool is_complete() const noexcept {
    return exists != nullptr && take != nullptr && give_back != nullptr;
  }
};

template <class Function>
void find(Function*& function, const char* name) noexcept {
  function = reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

Lock lock_of_interpreter() noexcept {
  Lock lock;
  find(lock.exists, "Py_IsInitialized");
  find(lock.take, "PyGILState_Ensure");
  find(lock.give_back, "PyGILState_Release");
  return lock;
}

}  // namespace

void Ticker::start() noexcept {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  if (event::real::pthread_create(&thread, nullptr, run, this) == 0) {
    pthread_detach(thread);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

// When the interpreter ends, it ends this thread, which must not stand in its way.
void* Ticker::run(void* argument) {
  auto& self = *static_cast<Ticker*>(argument);
  name_thread("flux ticker");
  while (true) {
    const std::uint32_t bell = self.bell_;
    const event::Time now = Clock::now();
    self.look(now);
    futex_wait(self.bell_, bell,
               self.next_look(Clock::now(), self.loop_.is_asleep(), between_looks));
  }
}

void Ticker::look(event::Time now) {
  if (has_switched()) {
    seen_ = loop_.switches();
    since_ = now;
  } else if (now - since_ >= longest_turn) {
    interrupt();
  }
}

void Ticker::interrupt() {
  static const Lock lock = lock_of_interpreter();
  if (!lock.is_complete() || lock.exists() == 0) {
    return;
  }
  const event::Time begun = Clock::now();
  const int state = lock.take();
  const event::Time taken = Clock::now();
  while (taken - begun >= shortest_wait && !has_switched() && Clock::now() - taken < longest_hold) {
    event::real::sched_yield();
  }
  lock.give_back(state);
}

bool Ticker::has_switched() const noexcept {
  return loop_.is_asleep() || loop_.switches() != seen_;
}

}  // namespace flux::fibers
