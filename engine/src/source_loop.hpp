// Runs the turns of a source on a thread of its own, one after the other.

#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <flux/source.hpp>
#include <functional>
#include <memory>

#include "endings.hpp"
#include "event.hpp"

namespace flux {

class SourceLoop {
 public:
  using Submit = std::function<void(std::unique_ptr<Task>)>;

  SourceLoop(const Source& source, Observer* observer, Submit submit, Endings& endings,
             std::function<void()> on_ended);

  // Begin the turns. Throws std::system_error if there is no thread for them; they have ended then.
  void start();

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

  static constexpr std::uint32_t done = 0;
  static constexpr std::uint32_t delivering = 1;
  static constexpr std::uint32_t awaited = 2;

  bool take_turn();
  std::unique_ptr<Task> new_task();
  void deliver(std::unique_ptr<Task> task);
  void drop(const Task& task, Way end);

  const Source& source_;
  Observer* observer_;
  Submit submit_;
  Endings& endings_;
  std::function<void()> on_ended_;
  Event stopping_{};
  ShortLock guard_{};
  std::atomic<std::uint32_t> handover_{done};
  std::atomic<std::uint64_t> started_{0};
  std::atomic<std::uint64_t> dropped_{0};
  std::uint64_t failures_ = 0;
};

}  // namespace flux
