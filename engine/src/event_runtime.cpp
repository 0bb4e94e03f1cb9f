#include "event_runtime.hpp"

#include <pthread.h>
#include <sched.h>

#include <flux/lock.hpp>
#include <system_error>
#include <thread>
#include <utility>

#include "backoff.hpp"
#include "event/calls/calls.hpp"
#include "event/locks/locks.hpp"
#include "event/overflow.hpp"
#include "threads.hpp"
#include "workers/worker.hpp"

namespace flux {

namespace {

// Keep the calling thread on the processor of that number, among those that it may use.
void pin(std::size_t number) noexcept {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
    return;
  }
  for (int each = 0; each < CPU_SETSIZE; ++each) {
    if (CPU_ISSET(each, &allowed) && number-- == 0) {
      cpu_set_t own;
      CPU_ZERO(&own);
      CPU_SET(each, &own);
      pthread_setaffinity_np(pthread_self(), sizeof own, &own);
      return;
    }
  }
}

}  // namespace

// The end of a flow is counted however its fiber ends: a node may call `pthread_exit`.
class EventRuntime::Running {
 public:
  explicit Running(Core& core) noexcept : core_{core} {}
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  ~Running() {
    if (event::Fiber* const fiber = event::Loop::fiber()) {
      fiber->task = nullptr;
    }
    core_.tally.count(outcome);
    core_.runtime.leave();
  }

  Outcome outcome = Outcome::failed;

 private:
  Core& core_;
};

// A flow that is handed to another loop.
class EventRuntime::Arrival final : public event::Post {
 public:
  Arrival(Core& core, std::unique_ptr<Task> task) noexcept : core_{core}, task_{std::move(task)} {}

 private:
  void deliver() noexcept override {
    const std::unique_ptr<Arrival> self{this};
    try {
      core_.runtime.begin(core_, std::move(task_));
    } catch (const std::bad_alloc&) {
      Running{core_};
    }
  }

  Core& core_;
  std::unique_ptr<Task> task_;
};

class EventRuntime::SourceStart final : public event::Post {
 public:
  SourceStart(event::Loop& loop, void* (*run)(void*), void* source) noexcept
      : loop_{loop}, run_{run}, source_{source} {}

 private:
  void deliver() noexcept override {
    loop_.spawn(
        [](void* start) {
          const auto [run, source] = *static_cast<std::pair<void* (*)(void*), void*>*>(start);
          delete static_cast<std::pair<void* (*)(void*), void*>*>(start);
          event::Loop::fiber()->errand = "a source";
          run(source);
        },
        new std::pair{run_, source_});
    delete this;
  }

  event::Loop& loop_;
  void* (*run_)(void*);
  void* source_;
};

EventRuntime::EventRuntime(Carry carry, std::function<void()> on_idle, std::size_t cores,
                           std::size_t stack, std::size_t stall)
    : carry_{std::move(carry)},
      on_idle_{std::move(on_idle)},
      watch_{std::chrono::milliseconds{stall}} {
  event::link_calls();
  event::link_locks();
  for (unsigned number = 0; number < cores; ++number) {
    cores_.push_back(std::make_shared<Core>(*this, number, stack * 1024));
  }
}

// All flows and sources have ended.
EventRuntime::~EventRuntime() {
  reactions_.reset();
  stop_loops();
}

// Where nothing is left to do, the threads end here: so nothing of the server outlives it.
void EventRuntime::retire(bool is_idle) noexcept {
  reactions_.reset();
  if (is_idle) {
    stop_loops();
  }
}

void EventRuntime::start() {
  on_one_thread = cores_.size() == 1;
  for (const auto& core : cores_) {
    core->loop.set_watch(&watch_);
    auto* const share = new std::shared_ptr<Core>{core};
    if (const int error = pthread_create(&core->thread, nullptr, run_loop, share)) {
      delete share;
      throw std::system_error{error, std::generic_category(), "a loop has no thread"};
    }
    core->is_started = true;
  }
  for (const auto& core : cores_) {
    watch_.add(core->loop, core->census, core->thread);
  }
  reactions_.emplace(watch_);
  watch_.start();
}

void EventRuntime::submit(std::unique_ptr<Task> task) {
  live_.fetch_add(1, std::memory_order_relaxed);
  if (closed_.load(std::memory_order_relaxed)) {
    leave();
    return;
  }
  Core& core = core_for_next();
  if (event::Loop::current() == &core.loop) {
    begin(core, std::move(task));
  } else {
    core.loop.post(*new Arrival{core, std::move(task)});
  }
}

void EventRuntime::close() {
  if (!closed_.exchange(true)) {
    leave();
  }
}

Ends EventRuntime::ends() const {
  Ends all;
  for (const auto& core : cores_) {
    all += core->tally.ends();
  }
  return all;
}

int EventRuntime::start_source(std::size_t number, void* (*run)(void*), void* source) {
  event::Loop& loop = cores_[number]->loop;
  loop.post(*new SourceStart{loop, run, source});
  return 0;
}

void* EventRuntime::run_loop(void* argument) {
  const std::unique_ptr<std::shared_ptr<Core>> share{static_cast<std::shared_ptr<Core>*>(argument)};
  Core& core = **share;
  name_thread("flux loop");
  if (core.runtime.cores_.size() > 1) {
    const auto* const worker = workers::own();
    const auto before = worker != nullptr ? static_cast<std::size_t>(worker->number()) : 0;
    pin(before * core.runtime.cores_.size() + core.loop.number());
  }
  const event::AlternateStack handlers;
  event::hear_reactions();
  core.loop.run();
  return nullptr;
}

void EventRuntime::carry_task(void* argument) {
  std::unique_ptr<Task> task{static_cast<Task*>(argument)};
  auto& self = static_cast<EventRuntime&>(*task->runtime);
  event::Fiber& fiber = *event::Loop::fiber();
  fiber.task = task.get();
  Running running{self.current_core()};
  running.outcome = self.carry_(std::move(task));
}

EventRuntime::Core& EventRuntime::current_core() noexcept {
  return *cores_[event::Loop::current()->number()];
}

// Each loop in turn, unless the source runs on all of them.
EventRuntime::Core& EventRuntime::core_for_next() noexcept {
  const event::Fiber* const source = event::Loop::fiber();
  if (source != nullptr && source->keeps_flows) {
    return current_core();
  }
  const std::size_t turn = cores_.size() == 1 ? 0 : turn_.fetch_add(1, std::memory_order_relaxed);
  return *cores_[turn % cores_.size()];
}

// Where the system has no memory for a stack, the source waits and tries again.
void EventRuntime::begin(Core& core, std::unique_ptr<Task> task) {
  task->runtime = this;
  for (std::uint64_t failures = 0;;) {
    try {
      core.loop.spawn(carry_task, task.get());
      static_cast<void>(task.release());
      return;
    } catch (const std::bad_alloc&) {
      if (core.loop.running() == nullptr) {
        throw;
      }
      std::this_thread::sleep_for(delay(++failures));
    }
  }
}

// It may be a fiber of a loop that comes here, if a flow has outlived the server.
void EventRuntime::stop_loops() noexcept {
  on_one_thread = false;
  watch_.stop();
  for (const auto& core : cores_) {
    if (std::exchange(core->is_started, false)) {
      core->loop.stop();
      const bool is_own = pthread_equal(core->thread, pthread_self()) != 0;
      is_own ? core->loop.set_watch(nullptr) : void();
      is_own ? pthread_detach(core->thread) : pthread_join(core->thread, nullptr);
      event::tell_deepest_use(core->loop);
    }
  }
}

void EventRuntime::leave() noexcept {
  if (live_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    on_idle_();
  }
}

}  // namespace flux
