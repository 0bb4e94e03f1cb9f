#include "thread.hpp"

#include <mutex>
#include <thread>
#include <utility>

#include "backoff.hpp"

namespace flux {

// The end of a flow is counted however its thread ends: a node may call `pthread_exit`.
class ThreadPerFlow::Running {
 public:
  explicit Running(ThreadPerFlow& runtime) noexcept : runtime_{runtime} {}
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  ~Running() {
    runtime_.tally_.count(outcome);
    runtime_.leave();
  }

  Outcome outcome = Outcome::failed;

 private:
  ThreadPerFlow& runtime_;
};

ThreadPerFlow::ThreadPerFlow(Carry carry, std::function<void()> on_idle)
    : ThreadPerFlow{std::move(carry), std::move(on_idle), {.wait = [](auto time) {
                      std::this_thread::sleep_for(time);
                    }}} {}

ThreadPerFlow::ThreadPerFlow(Carry carry, std::function<void()> on_idle, System system)
    : carry_{std::move(carry)}, on_idle_{std::move(on_idle)}, system_{std::move(system)} {}

void ThreadPerFlow::submit(std::unique_ptr<Task> task) {
  if (!enter()) {
    return;
  }
  task->runtime = this;
  std::uint64_t failures = 0;
  while (system_.start(run, task.get()) != 0) {
    system_.wait(delay(++failures));
  }
  static_cast<void>(task.release());
}

void ThreadPerFlow::close() {
  std::unique_lock guarded{guard_};
  const bool idle = !std::exchange(closed_, true) && live_ == 0;
  guarded.unlock();
  if (idle) {
    on_idle_();
  }
}

void* ThreadPerFlow::run(void* argument) {
  std::unique_ptr<Task> task{static_cast<Task*>(argument)};
  auto& self = static_cast<ThreadPerFlow&>(*task->runtime);
  Running running{self};
  running.outcome = self.carry_(std::move(task));
  return nullptr;
}

bool ThreadPerFlow::enter() {
  const std::scoped_lock guarded{guard_};
  live_ += closed_ ? 0 : 1;
  return !closed_;
}

void ThreadPerFlow::leave() {
  std::unique_lock guarded{guard_};
  const bool idle = --live_ == 0 && closed_;
  guarded.unlock();
  if (idle) {
    on_idle_();
  }
}

}  // namespace flux
