#include "helpers.hpp"

#include <pthread.h>
#include <sched.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <flux/error.hpp>
#include <flux/lock.hpp>
#include <flux/meter.hpp>
#include <mutex>
#include <utility>

#include "../futex.hpp"
#include "../profile/ticks.hpp"
#include "../threads.hpp"
#include "calls/real.hpp"
#include "loop.hpp"

namespace flux::event {

namespace {

constexpr unsigned most_helpers = 512;
constexpr std::chrono::seconds longest_idleness{10};

// A call, on the stack of the fiber that waits for it.
class Errand final : public Post {
 public:
  Errand(void (*call)(void*), void* argument, Fiber& fiber) noexcept
      : call_{call},
        argument_{argument},
        fiber_{fiber},
        handled_{current_handled()},
        meter_{Meter::current()} {}

  // On the helper thread.
  void run();

  // On the fiber: wait until it has been run; whether it came to its end.
  bool wait(const char* what) noexcept;

  Errand* next = nullptr;

 private:
  class Running;

  void deliver() noexcept override {
    is_done_ = true;
    fiber_.unpark();
  }

  void (*call_)(void*);
  void* argument_;
  Fiber& fiber_;
  const Handled* handled_;
  Meter* meter_;
  int error_ = errno;
  bool has_returned_ = false;
  bool is_done_ = false;  // the loop's
  std::atomic<bool> is_left_{false};
};

// The fiber goes on however the call ends.
class Errand::Running {
 public:
  explicit Running(Errand& errand) noexcept
      : errand_{errand},
        before_{std::exchange(current_handled(), errand.handled_)},
        carried_before_{Meter::carry(errand.meter_)} {
    if (errand_.fiber_.meter != nullptr) {
      cpu_since_ = profile::thread_cpu();
    }
    errno = errand_.error_;
  }

  ~Running() {
    errand_.error_ = errno;
    if (Meter* const meter = errand_.fiber_.meter) {
      meter->add_cpu(profile::cpu_between(cpu_since_, profile::thread_cpu()));
    }
    current_handled() = before_;
    Meter::carry(carried_before_);
    errand_.fiber_.loop.post(errand_);
    errand_.is_left_.store(true, std::memory_order_release);
  }

 private:
  Errand& errand_;
  const Handled* before_;
  Meter* carried_before_;
  std::uint64_t cpu_since_ = 0;
};

void Errand::run() {
  const Running running{*this};
  call_(argument_);
  has_returned_ = true;
}

// The errand, and the loop, must not go while the helper still rings the loop's bell.
bool Errand::wait(const char* what) noexcept {
  fiber_.awaited = {.what = what};
  while (!is_done_) {
    fiber_.park();
  }
  while (!is_left_.load(std::memory_order_acquire)) {
    real::sched_yield();
  }
  fiber_.awaited = {};
  errno = error_;
  return has_returned_;
}

// A thread without work, on its own stack.
struct Idle {
  Errand* errand = nullptr;
  std::atomic<std::uint32_t> has_errand{0};
  Idle* next = nullptr;
};

// What follows is guarded. It is never destroyed: helpers may outlive `main`.
struct Pool {
  ShortLock guard{};
  unsigned threads = 0;
  Idle* idle = nullptr;
  Errand* first = nullptr;
  Errand* last = nullptr;

  void queue(Errand& errand) noexcept {
    errand.next = nullptr;
    (first == nullptr ? first : last->next) = &errand;
    last = &errand;
  }

  Errand* take() noexcept {
    Errand* const taken = first;
    first = taken != nullptr ? taken->next : nullptr;
    return taken;
  }

  bool remove(const Idle& gone) noexcept {
    for (Idle** each = &idle; *each != nullptr; each = &(*each)->next) {
      if (*each == &gone) {
        *each = gone.next;
        return true;
      }
    }
    return false;
  }
};

constinit Pool pool{};

// Loops are pinned to a processor, and threads inherit that; helpers may run where the program may.
cpu_set_t processors() noexcept {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  sched_getaffinity(0, sizeof allowed, &allowed);
  return allowed;
}

const cpu_set_t allowed_processors = processors();

// The next errand; null after a while without any, when this thread is no helper any more.
Errand* next_errand() noexcept {
  Idle self;
  {
    const std::scoped_lock guarded{pool.guard};
    if (Errand* const queued = pool.take()) {
      return queued;
    }
    self.next = std::exchange(pool.idle, &self);
  }
  const auto deadline = std::chrono::steady_clock::now() + longest_idleness;
  while (self.has_errand.load(std::memory_order_acquire) == 0 &&
         std::chrono::steady_clock::now() < deadline) {
    futex_wait(self.has_errand, 0, deadline);
  }
  const std::scoped_lock guarded{pool.guard};
  pool.threads -= pool.remove(self) ? 1 : 0;
  return self.errand;
}

// A call that ends the thread takes a helper away, and somebody else must see to the queue.
struct Helper {
  ~Helper();
  bool is_dismissed = false;
};

void* help(void* argument) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
  pthread_setaffinity_np(pthread_self(), sizeof allowed_processors, &allowed_processors);
  name_thread("flux-helper");
  Helper helper;
  for (auto* errand = static_cast<Errand*>(argument); errand != nullptr; errand = next_errand()) {
    errand->run();
  }
  helper.is_dismissed = true;
  return nullptr;
}

// With all signals blocked, so that the new thread never sees one.
bool start_helper(Errand& errand) noexcept {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const int error = start_thread(help, &errand);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return error == 0;
}

// A child of `fork` has one thread, and none of the helpers. The guard is held meanwhile, so that
// what the child gets is whole.
void begin_anew() noexcept {
  pool.threads = 0;
  pool.idle = nullptr;
  pool.first = nullptr;
  pool.last = nullptr;
  pool.guard.unlock();
}

void renew_in_children() noexcept {
  [[maybe_unused]] static const int registered =
      pthread_atfork([] { pool.guard.lock(); }, [] { pool.guard.unlock(); }, begin_anew);
}

// To an idle thread, or to a new one; null if that was possible.
Errand* hand_over(Errand& errand) noexcept {
  std::unique_lock guarded{pool.guard};
  if (Idle* const idle = pool.idle) {
    pool.idle = idle->next;
    idle->errand = &errand;
    idle->has_errand.store(1, std::memory_order_release);
    guarded.unlock();
    futex_wake_one(idle->has_errand);
    return nullptr;
  }
  if (pool.threads == most_helpers) {
    pool.queue(errand);
    return nullptr;
  }
  ++pool.threads;
  guarded.unlock();
  if (start_helper(errand)) {
    return nullptr;
  }
  guarded.lock();
  if (--pool.threads > 0) {
    pool.queue(errand);
    return nullptr;
  }
  return &errand;
}

Helper::~Helper() {
  if (is_dismissed) {
    return;
  }
  std::unique_lock guarded{pool.guard};
  --pool.threads;
  Errand* const left = pool.take();
  guarded.unlock();
  if (left != nullptr && hand_over(*left) != nullptr) {
    left->run();
  }
}

}  // namespace

}  // namespace flux::event

void flux::detail::run_aside(void (*call)(void*), void* argument, const char* what) {
  using namespace flux::event;
  Fiber* const fiber = Loop::fiber();
  if (fiber == nullptr) {
    call(argument);
    return;
  }
  renew_in_children();
  Errand errand{call, argument, *fiber};
  if (Errand* const refused = hand_over(errand)) {
    refused->run();  // the system has no more threads, so the loop must wait
  }
  if (!errand.wait(what)) {
    pthread_exit(nullptr);  // it has ended its thread: here, the fiber
  }
}
