// Runs the turns of a source, one after the other, on whatever the runtime has for that.

#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <flux/source.hpp>
#include <functional>
#include <memory>

#include "endings.hpp"
#include "event.hpp"
#include "event/fiber.hpp"

namespace flux {

class SourceLoop final : public event::Spreadable {
 public:
  using Start = std::function<int(void* (*)(void*), void*)>;
  using Submit = std::function<void(std::unique_ptr<Task>)>;

  SourceLoop(const Source& source, Observer* observer, Metering& metering, Start start,
             Submit submit, Endings& endings, std::function<void()> on_ended);

  // Begin the turns. Throws std::system_error if nothing can carry them; they have ended then.
  void start();

  // What else is to run when this runs on other loops, too.
  void spread_by(std::function<void()> start_twins) { start_twins_ = std::move(start_twins); }

  // Begin no more turns, and let the one in progress start no flow.
  void stop() noexcept;

  // Wait until the flow of the last turn has been handed over.
  void settle(Deadline deadline) noexcept;

  // Take turns until the source ends or is stopped.
  void run();

  std::uint64_t started() const noexcept { return started_.load(std::memory_order_relaxed); }
  std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

 private:
  class Life;
  class InTurn;

  static constexpr std::uint32_t done = 0;
  static constexpr std::uint32_t delivering = 1;
  static constexpr std::uint32_t awaited = 2;

  void spread() noexcept override;
  bool take_turn();
  Way turn(Task& task);
  std::unique_ptr<Task> new_task();
  void deliver(std::unique_ptr<Task> task);
  void drop(Task& task, Way end);

  const Source& source_;
  Observer* observer_;
  Metering& metering_;
  Start start_;
  Submit submit_;
  Endings& endings_;
  std::function<void()> on_ended_;
  std::function<void()> start_twins_{};  // none: this is a twin, or alone
  Event stopping_{};
  ShortLock guard_{};
  std::atomic<std::uint32_t> handover_{done};
  std::atomic<std::uint64_t> started_{0};
  std::atomic<std::uint64_t> dropped_{0};
  std::uint64_t failures_ = 0;
};

}  // namespace flux
