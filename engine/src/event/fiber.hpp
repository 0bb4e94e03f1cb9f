// Fibers: what carries flows in the event-driven runtime. Each belongs to one loop for all its
// life.
//
// A fiber stands at the top of its own stack. What a thread has of its own and C++ code relies on
// from one call to the next goes with the fiber when it leaves: `errno`, the exceptions that are
// being caught, the error that its handler handles.

#pragma once

#include <flux/bearer.hpp>
#include <flux/error.hpp>
#include <memory>

#include "context.hpp"
#include "inbox.hpp"
#include "locals.hpp"
#include "sanitizers.hpp"
#include "stack.hpp"
#include "timers.hpp"

namespace flux {
class Meter;
class Task;
struct Source;
}  // namespace flux

namespace flux::event {

class Loop;

// The exceptions that a thread is catching, as the ABI of C++ keeps them (Itanium, 2.2.2).
struct Exceptions {
  void* caught = nullptr;
  unsigned uncaught = 0;
};

// What a source's fiber runs, and may run on other loops, too.
class Spreadable {
 public:
  virtual void spread() noexcept = 0;

 protected:
  ~Spreadable() = default;
};

// Let the source that runs on this fiber, if one does, run on each loop: its implementation says
// so.
void spread_source() noexcept;

// What else goes with a fiber: the runtime of another language keeps more for each thread.
class Companion {
 public:
  virtual void arrive() noexcept = 0;        // the fiber is about to run
  virtual void leave() noexcept = 0;         // it has stopped
  virtual void ends_with(void*) noexcept {}  // it has called `pthread_exit` with this

 protected:
  ~Companion() = default;
};

// What a fiber is waiting for, for who asks what is going on. Texts live for ever.
struct Awaited {
  const char* what = nullptr;  // a call or a kind of lock; null: it runs, or is ready to
  int descriptor = -1;
};

class Fiber final : public Bearer {
 public:
  using Work = void (*)(void* argument);

  Fiber(Loop& its_loop, const Stack& its_stack) noexcept : loop{its_loop}, stack{its_stack} {}
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;
  ~Fiber() = default;

  void park() noexcept override;
  void unpark() noexcept override;
  bool park_until(Time deadline) noexcept override;

  bool is_parked() const noexcept { return parked_; }

  Loop& loop;
  const Stack stack;

  // The flow that it carries, or the turn that the source takes which it carries.
  const Task* work() const noexcept { return task != nullptr ? task : turn; }

  // What it carries, if that is known: the task of a flow, the turns of a source, or something else
  // by its name; and since when, by the loop's time.
  const Task* task = nullptr;
  const Task* turn = nullptr;
  const Source* source = nullptr;
  const char* errand = "a fiber";
  Time since{};
  Awaited awaited{};

  // What asks for the processor time of what it carries; null: nobody.
  Meter* meter = nullptr;

  std::unique_ptr<Locals> locals{};
  Companion* companion = nullptr;

  // Of a source: how it spreads, and whether its flows stay on its loop because it has.
  Spreadable* spreadable = nullptr;
  bool keeps_flows = false;

  // It has used up its turn, this one or an earlier one, and lets others go first until it waits
  // for something else than locks.
  bool gives_way = false;

  // It has told somebody after that turn that a lock is for him, and is about to unlock it.
  bool is_handing_over = false;

  // Since it last waited, or let others run: calls that may wait, and when it first looked at the
  // clock.
  unsigned calls = 0;
  Time seen_running{};

  // Of those that are ready.
  Fiber* next_ready = nullptr;

  // All fibers of a loop that live.
  Fiber* previous_living = nullptr;
  Fiber* next_living = nullptr;

 private:
  friend class Loop;

  // The wake-up that another thread gives.
  class WakeUp final : public Post {
   public:
    explicit WakeUp(Fiber& fiber) noexcept : fiber_{fiber} {}

   private:
    void deliver() noexcept override { fiber_.unpark_here(); }
    Fiber& fiber_;
  };

  // The wake-up that time gives.
  class Alarm;

  void unpark_here() noexcept;

  Context context_ = nullptr;
  Work work_ = nullptr;
  void* argument_ = nullptr;
  bool parked_ = false;
  bool woken_ = false;
  Exceptions exceptions_{};
  const Handled* handled_ = nullptr;
  WakeUp wake_up_{*this};
  [[no_unique_address]] Watched watched_{};
};

}  // namespace flux::event
