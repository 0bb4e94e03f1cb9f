#include "ticker.hpp"

#include <sched.h>
#include <signal.h>

#include "../event/calls/real.hpp"
#include "../event/locks/real.hpp"
#include "../futex.hpp"
#include "../threads.hpp"
#include "python.hpp"
#include "thread.hpp"

namespace flux::fibers {

namespace {

using event::Clock;
using std::chrono::milliseconds;

constexpr milliseconds between_looks{2};
constexpr milliseconds longest_turn{2};
constexpr milliseconds shortest_wait{1};  // for a lock that somebody has
constexpr milliseconds longest_hold{2};

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
    interrupt(now);
  }
}

void Ticker::interrupt(event::Time now) {
  const Python* const python = Python::running();
  if (python == nullptr) {
    return;
  }
  const pthread_t interrupted = Thread::latest();
  loop_.end_turn(seen_);
  const int state = python->take();
  const event::Time taken = Clock::now();
  if (taken - now >= shortest_wait) {
    await_switch(taken + longest_hold);
  }
  stalls_.tell(*python, interrupted, seen_, taken - since_);
  python->give_back(state);
}

// Who lost the lock may be another one than when it was asked for.
void Ticker::await_switch(event::Time deadline) const noexcept {
  const std::uint64_t turn = loop_.switches();
  while (!loop_.is_asleep() && loop_.switches() == turn && Clock::now() < deadline) {
    event::real::sched_yield();
  }
}

bool Ticker::has_switched() const noexcept {
  return loop_.is_asleep() || loop_.switches() != seen_;
}

}  // namespace flux::fibers
