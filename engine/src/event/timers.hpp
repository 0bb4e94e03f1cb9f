// Timers of a loop: a heap of those who wait for a moment.

#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

namespace flux::event {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

class Timers;

// Calls `ring` when its time has come, once, unless it is cancelled before. It stays where it is.
class Timer {
 public:
  Timer() = default;
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

 protected:
  ~Timer() = default;

 private:
  friend class Timers;
  virtual void ring() noexcept = 0;

  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
  Time due_{};
  std::size_t place_ = nowhere;
};

class Timers {
 public:
  void add(Timer& timer, Time due);
  void cancel(Timer& timer) noexcept;

  // When the next one is due; never if there is none.
  Time next() const noexcept { return heap_.empty() ? Time::max() : heap_.front()->due_; }
  bool empty() const noexcept { return heap_.empty(); }

  // Ring all that are due.
  void ring(Time now) noexcept;

 private:
  void put(std::size_t place, Timer* timer) noexcept;
  void rise(std::size_t place) noexcept;
  void sink(std::size_t place) noexcept;

  std::vector<Timer*> heap_{};
};

}  // namespace flux::event
