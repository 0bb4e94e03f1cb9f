// The event-driven runtime: each flow on a fiber, and a loop a core. Flows don't move between
// loops.

#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "event/census.hpp"
#include "event/loop.hpp"
#include "event/reactions.hpp"
#include "event/watch.hpp"
#include "runtime.hpp"

namespace flux {

class EventRuntime final : public Runtime {
 public:
  // `stack` is in KiB; what keeps a loop busy for longer than `stall` milliseconds is told, unless
  // they are 0.
  EventRuntime(Carry carry, std::function<void()> on_idle, std::size_t cores, std::size_t stack,
               std::size_t stall);
  ~EventRuntime() override;

  void start() override;
  void submit(std::unique_ptr<Task> task) override;
  void close() override;
  void cut() override {}
  void retire(bool is_idle) noexcept override;
  Ends ends() const override;
  int start_source(std::size_t loop, void* (*run)(void*), void* source) override;

 private:
  // A loop, and what belongs to it; its thread has a share in it.
  struct Core {
    Core(EventRuntime& its_runtime, unsigned number, std::size_t stack)
        : runtime{its_runtime}, census{&loop}, loop{number, stack} {}

    EventRuntime& runtime;
    event::Census census;  // the loop delivers what it has when it is destroyed
    event::Loop loop;
    Tally tally{};
    pthread_t thread{};
    bool is_started = false;
  };

  class Running;
  class Arrival;
  class SourceStart;

  static void* run_loop(void* core);
  static void carry_task(void* task);
  Core& current_core() noexcept;
  Core& core_for_next() noexcept;
  void begin(Core& core, std::unique_ptr<Task> task);
  void leave() noexcept;
  void stop_loops() noexcept;

  Carry carry_;
  std::function<void()> on_idle_;
  std::vector<std::shared_ptr<Core>> cores_{};
  event::Watch watch_;
  std::optional<event::Reactions> reactions_{};
  std::atomic<std::size_t> turn_{0};
  std::atomic<std::size_t> live_{1};  // the runtime itself counts until it is closed
  std::atomic<bool> closed_{false};
};

}  // namespace flux
