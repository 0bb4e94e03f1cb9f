#include "task_queue.hpp"

#include <sched.h>

#include <utility>

namespace flux {

namespace {

// Wake somebody, but not before the guard is free.
void give_back(std::unique_lock<ShortLock>& guarded, Bearer* woken) noexcept {
  guarded.unlock();
  if (woken != nullptr) {
    woken->unpark();
  }
}

}  // namespace

void TaskQueue::push(std::unique_ptr<Task> task) {
  Guarded guarded{guard_};
  while (shut_ && !closed_) {
    opened_.wait(guarded);
  }
  if (closed_) {
    guarded.unlock();
    return;
  }
  Task* const added = task.get();
  (first_ ? last_->next : first_) = std::move(task);
  last_ = added;
  shut_ = ++length_ >= room_;
  give_back(guarded, looker());
}

std::unique_ptr<Task> TaskQueue::pop() {
  Guarded guarded{guard_};
  wait_for_tasks(guarded);
  if (!first_) {
    return nullptr;
  }
  auto task = take_first();
  give_back(guarded, first_ ? looker() : nullptr);
  return task;
}

void TaskQueue::close() {
  const Guarded guarded{guard_};
  closed_ = true;
  filled_.notify_all();
  opened_.notify_all();
}

void TaskQueue::clear() {
  Guarded guarded{guard_};
  while (first_) {
    const auto dropped = take_first();
    guarded.unlock();
    guarded.lock();
  }
}

void TaskQueue::wait_for_tasks(Guarded& guarded) {
  while (!first_ && !closed_) {
    if (!looking_) {
      look_around(guarded);
    }
    if (!first_ && !closed_) {
      filled_.wait(guarded);
      looking_ = false;
    }
  }
}

void TaskQueue::look_around(Guarded& guarded) {
  constexpr int times = 20;
  looking_ = true;
  guarded.unlock();
  for (int time = 0; time < times && length_ == 0 && !closed_; ++time) {
    sched_yield();
  }
  guarded.lock();
  looking_ = false;
}

std::unique_ptr<Task> TaskQueue::take_first() {
  auto task = std::exchange(first_, nullptr);
  first_ = std::move(task->next);
  --length_;
  if (shut_ && length_ <= room_ / 2) {
    shut_ = false;
    opened_.notify_all();
  }
  return task;
}

// A sleeper to be woken because there is a flow; null if somebody is looking already.
Bearer* TaskQueue::looker() noexcept {
  if (looking_) {
    return nullptr;
  }
  Bearer* const woken = filled_.next();
  looking_ = woken != nullptr;
  return woken;
}

}  // namespace flux
