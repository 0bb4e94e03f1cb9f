// A loop: one thread that runs many fibers, each until it would have to wait.
//
// Theory of operation. A loop goes round: what other threads have posted, the fibers that are
// ready, the timers that are due, the kernel's news. It sleeps in the kernel when no fiber is
// ready, until the next timer, and not at all if anything was posted meanwhile: a poster first
// posts, then asks whether the loop sleeps; the loop first says that it sleeps, then asks whether
// there is a post. So one of them sees the other.
//
// Fibers change places by way of the loop's own context. That costs a second switch of two
// nanoseconds, and lets one place decide what is next, and clear away who has ended.
//
// A new fiber runs at once, before whoever made it: a flow that never waits comes and goes on one
// warm stack, however many there are. Who made it goes on when the flow waits or ends.
//
// A fiber whose calls never have to wait would keep its loop: one that sends a large file to a
// client which takes it as fast, or a source that is flooded. So its calls are counted, and a
// source's turns, and where it has run for long, it goes on in another round; see ready.hpp. Calls
// that are told not to wait let nobody run: who makes them may rely on that.
//
// Everything here belongs to the loop's thread, but for `post` and what says so.

#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

#include "descriptors.hpp"
#include "fiber.hpp"
#include "inbox.hpp"
#include "interruptible.hpp"
#include "poller.hpp"
#include "ready.hpp"
#include "ring.hpp"
#include "stack.hpp"
#include "subscribers.hpp"
#include "timers.hpp"
#include "trimming.hpp"

namespace flux::event {

class Vigil;
class Watch;

class Loop {
 public:
  // Throws std::system_error.
  Loop(unsigned number, std::size_t stack_size);
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop();

  // The loop of the calling thread; null on other threads.
  static Loop* current() noexcept { return current_; }

  // The fiber that runs; null outside of fibers. Any thread may ask.
  static Fiber* fiber() noexcept {
    const Loop* const loop = current_;
    return loop != nullptr ? loop->running_ : nullptr;
  }

  unsigned number() const noexcept { return number_; }

  // How many there are in this process.
  static unsigned count() noexcept;

  // Go round on this thread until `stop` has been called, from any thread, and all fibers have
  // ended.
  void run();
  void stop() noexcept;

  // Make a fiber that runs next; the fiber that runs now goes on when the new one waits or ends.
  // Throws std::bad_alloc if there is no memory for a stack.
  Fiber& spawn(Fiber::Work work, void* argument);

  // Make a fiber that runs when it is its turn. Throws as `spawn` does.
  Fiber& add(Fiber::Work work, void* argument);

  // Let others run for a while.
  void yield() noexcept;

  // A fiber is about to make a call that may wait, or to take a turn: let others run, and the
  // kernel tell its news, if it has run for long. On other threads this does nothing.
  static void begin_call() noexcept {
    if (is_time_for_others()) [[unlikely]] {
      current_->let_others_run();
    }
  }

  // The same in parts: whether it is time to, and then do it.
  static bool is_time_for_others() noexcept {
    Fiber* const self = fiber();
    return self != nullptr && ++self->calls >= calls_in_a_row && has_run_for_long(*self);
  }
  void let_others_run() noexcept;

  // Let the running fiber sleep until it is made ready.
  void leave() noexcept;

  // End the running fiber; nothing is destroyed.
  [[noreturn]] void end() noexcept;

  void make_ready(Fiber& fiber) noexcept;

  // Do something outside of fibers, soon; from any thread.
  void post(Post& post) noexcept;

  Fiber* running() const noexcept { return running_; }
  // When this round began.
  Time now() const noexcept { return now_; }

  // Who looks after the loop; null: nobody. It changes on the loop's thread, or before there is
  // one.
  Watch* watch() const noexcept { return watch_; }
  void set_watch(Watch* watch) noexcept;

  // The same for somebody who has nothing to tell of it.
  void set_vigil(Vigil* vigil) noexcept { vigil_ = vigil; }

  Timers& timers() noexcept { return timers_; }
  Descriptors& descriptors() noexcept { return descriptors_; }
  Subscribers& subscribers() noexcept { return subscribers_; }
  Interruptible& interruptible() noexcept { return interruptible_; }
  Fiber* living() const noexcept { return living_; }
  const Stacks& stacks() const noexcept { return stacks_; }

  // What reads from disks for its fibers, which ask for it; null if the kernel doesn't allow it.
  Ring* ring() noexcept;

  // The descriptor is about to be closed, and is of no loop any more; from any thread.
  static void forget(int descriptor) noexcept;

  // In a child of `fork`, which has none of its parent's loops: make way for its own.
  static void begin_child() noexcept;

  // Whether it waits for the kernel's news, and how often a fiber was switched to; whoever watches
  // the loop may ask.
  bool is_asleep() const noexcept { return sleeps_.load(std::memory_order_relaxed); }
  std::uint64_t switches() const noexcept { return switches_.load(std::memory_order_relaxed); }

  // Who watches the loop may say that the turn is over of the fiber that was switched to when their
  // number was this; and whether that is the one which runs.
  void end_turn(std::uint64_t switches) noexcept {
    over_.store(switches, std::memory_order_relaxed);
  }
  bool is_turn_over() const noexcept { return over_.load(std::memory_order_relaxed) == switches(); }

 private:
  class Forgetting;

  static constexpr auto bell_token = static_cast<std::uint64_t>(-1);
  static constexpr int switches_in_a_row = 512;
  static constexpr unsigned calls_in_a_row = 4;  // before a fiber looks at the clock
  static constexpr std::chrono::microseconds longest_run{500};

  Fiber& make(Fiber::Work work, void* argument);
  static void orphan() noexcept;
  void end_orphan() const noexcept;
  void begin_thread() noexcept;
  void end_thread() noexcept;
  void run_ready() noexcept;
  static bool has_run_for_long(Fiber& self) noexcept;
  void run(Fiber& fiber) noexcept;
  void listen() noexcept;
  void hear(const epoll_event& event) noexcept;
  void destroy(Fiber& fiber) noexcept;
  static void begin_fiber(void* fiber);

  static constinit thread_local Loop* current_;

  const unsigned number_;
  Poller poller_{};
  Descriptors descriptors_;
  Timers timers_{};
  Stacks stacks_;
  Inbox inbox_{};
  std::atomic<bool> sleeps_{false};
  std::atomic<bool> stopped_{false};
  bool is_orphaned_ = false;
  int bell_;
  Ring* ring_ = nullptr;  // its thread's
  bool has_asked_for_ring_ = false;
  Subscribers subscribers_{};

  Fiber* running_ = nullptr;
  Fiber* ended_ = nullptr;
  Ready ready_{};
  Fiber* living_ = nullptr;
  Interruptible interruptible_{};
  Watch* watch_ = nullptr;
  Vigil* vigil_ = nullptr;  // the watch, or somebody else
  Time now_ = Clock::now();
  std::atomic<std::uint64_t> switches_{0};
  std::atomic<std::uint64_t> over_{static_cast<std::uint64_t>(-1)};

  Context context_ = nullptr;
  Exceptions* exceptions_ = nullptr;
  const Handled** handled_ = nullptr;
  [[no_unique_address]] Watched watched_{};
  Trimming trimming_{timers_, stacks_};
};

// The latest loop of each number; debuggers look here, too.
extern std::array<std::atomic<Loop*>, most_loops> all_loops;

}  // namespace flux::event
