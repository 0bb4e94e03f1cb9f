// The queue of the pool: first in, first out, and bounded.
//
// A full queue shuts until half of it is free: a source and the workers that make room for it
// don't change threads for each flow.
//
// Waking a thread costs more than a small flow. So a worker that finds nothing looks around for a
// moment before it sleeps, one at a time, and a worker that has just been woken counts as looking,
// too. While one looks, nobody else is woken. Who takes a flow and leaves another sees to it that
// somebody looks. So no flow stays in the queue while all idle workers sleep.

#pragma once

#include <atomic>
#include <cstddef>
#include <flux/source.hpp>
#include <memory>
#include <mutex>

#include "condition.hpp"

namespace flux {

class TaskQueue {
 public:
  explicit TaskQueue(std::size_t room) noexcept : room_{room} {}
  ~TaskQueue() { clear(); }
  TaskQueue(const TaskQueue&) = delete;
  TaskQueue& operator=(const TaskQueue&) = delete;

  // Append a flow, after a wait for room; a closed queue drops it.
  void push(std::unique_ptr<Task> task);

  // The first, after a wait for it; null once the queue is closed and empty.
  std::unique_ptr<Task> pop();

  void close();
  void clear();

 private:
  using Guarded = std::unique_lock<ShortLock>;

  void wait_for_tasks(Guarded& guarded);
  void look_around(Guarded& guarded);
  std::unique_ptr<Task> take_first();
  Bearer* looker() noexcept;

  const std::size_t room_;
  ShortLock guard_{};
  std::unique_ptr<Task> first_{};
  Task* last_ = nullptr;
  std::atomic<std::size_t> length_{0};  // changed with the guard only
  std::atomic<bool> closed_{false};
  bool shut_ = false;
  bool looking_ = false;
  Condition filled_{};
  Condition opened_{};
};

}  // namespace flux
