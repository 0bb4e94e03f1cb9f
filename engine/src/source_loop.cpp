#include "source_loop.hpp"

#include <mutex>
#include <system_error>
#include <utility>

#include "backoff.hpp"
#include "event/loop.hpp"

namespace flux {

// The source has ended when its thread does, even if a node calls `pthread_exit`.
class SourceLoop::Life {
 public:
  explicit Life(SourceLoop& loop) noexcept : loop_{loop} {}
  Life(const Life&) = delete;
  Life& operator=(const Life&) = delete;
  ~Life() { loop_.on_ended_(); }

 private:
  SourceLoop& loop_;
};

// A fiber tells where it is, even if a node ends it with `pthread_exit`.
class SourceLoop::InTurn {
 public:
  explicit InTurn(const Task& task) noexcept { tell(&task); }
  InTurn(const InTurn&) = delete;
  InTurn& operator=(const InTurn&) = delete;
  ~InTurn() { tell(nullptr); }

 private:
  static void tell(const Task* turn) noexcept {
    if (event::Fiber* const fiber = event::Loop::fiber()) {
      fiber->turn = turn;
    }
  }
};

SourceLoop::SourceLoop(const Source& source, Observer* observer, Metering& metering, Start start,
                       Submit submit, Endings& endings, std::function<void()> on_ended)
    : source_{source},
      observer_{observer},
      metering_{metering},
      start_{std::move(start)},
      submit_{std::move(submit)},
      endings_{endings},
      on_ended_{std::move(on_ended)} {}

void SourceLoop::start() {
  const auto run = [](void* self) -> void* {
    static_cast<SourceLoop*>(self)->run();
    return nullptr;
  };
  if (const int error = start_(run, this)) {
    on_ended_();
    throw std::system_error{error, std::generic_category(), "a source can't be started"};
  }
}

void SourceLoop::stop() noexcept {
  const std::scoped_lock guarded{guard_};
  stopping_.set();
}

void SourceLoop::settle(Deadline deadline) noexcept {
  std::uint32_t expected = delivering;
  handover_.compare_exchange_strong(expected, awaited, std::memory_order_acquire);
  while (handover_.load(std::memory_order_acquire) == awaited &&
         std::chrono::steady_clock::now() < deadline) {
    futex_wait(handover_, awaited, deadline);
  }
}

void SourceLoop::run() {
  const Life life{*this};
  if (event::Fiber* const fiber = event::Loop::fiber()) {
    fiber->source = &source_;
    fiber->spreadable = this;
  }
  while (!stopping_.is_set() && take_turn()) {
  }
}

// The implementation says that the source may run beside itself: flows stay where they begin.
void SourceLoop::spread() noexcept {
  event::Loop::fiber()->keeps_flows = true;
  metering_.spreads(source_);
  if (start_twins_) {
    start_twins_();
  }
}

// Whether there may be another one.
bool SourceLoop::take_turn() {
  event::Loop::begin_call();
  auto task = new_task();
  if (!task) {
    return true;
  }
  const Way end = turn(*task);
  if (end == over) {
    return false;
  }
  if (end) {
    drop(*task, end);
  } else {
    deliver(std::move(task));
  }
  return true;
}

Way SourceLoop::turn(Task& task) {
  const InTurn here{task};
  return endings_.turn(task);
}

// Room for the next turn; null, after a wait, if there is no memory for it.
std::unique_ptr<Task> SourceLoop::new_task() {
  try {
    auto task = source_.new_task(source_, observer_);
    task->flow.measure(metering_, source_);
    return task;
  } catch (...) {
    endings_.complain(source_.name);
    stopping_.wait(std::chrono::steady_clock::now() + delay(0));
    return nullptr;
  }
}

void SourceLoop::deliver(std::unique_ptr<Task> task) {
  failures_ = 0;
  task->flow.begin_measuring();
  task->flow.turn = std::exchange(task->flow.path, 0);
  std::unique_lock guarded{guard_};
  if (stopping_.is_set()) {
    return;
  }
  handover_.store(delivering, std::memory_order_relaxed);
  guarded.unlock();
  if (Meter* const meter = task->flow.meter()) [[unlikely]] {
    meter->handed_over();
  }
  started_.fetch_add(1, std::memory_order_relaxed);
  submit_(std::move(task));
  if (handover_.exchange(done, std::memory_order_release) == awaited) {
    futex_wake_all(handover_);
  }
}

// Ten bad clients must not stall `accept`: only failures of a turn's first node make waits longer.
void SourceLoop::drop(Task& task, Way end) {
  if (stopping_.is_set()) {
    return;
  }
  dropped_.fetch_add(1, std::memory_order_relaxed);
  endings_.judge(task, end);
  failures_ = task.flow.opening_has_failed() ? failures_ + 1 : 0;
  stopping_.wait(std::chrono::steady_clock::now() + delay(failures_));
}

}  // namespace flux
