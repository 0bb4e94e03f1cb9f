// A timer: a source whose flows start at equal intervals.
//
//     flux::nodes::Timer timer(std::chrono::seconds(10));
//
//     int Tick(std::uint64_t* number) { return timer.tick(number); }
//
//     extern "C" void flux_interrupt(void) { timer.interrupt(); }

#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>

#include "flux/nodes/waiting.hpp"

namespace flux::nodes {

// Tick number n comes n intervals after the first call of `tick`, whatever the flows take: late
// ticks don't move the later ones. Ticks that nobody took in time are not made up for: only the
// last of them comes, late, and the others are counted as missed.
class Timer {
 public:
  // Throws std::invalid_argument unless the interval is positive.
  explicit Timer(Clock::duration interval);

  // The source: wait for the next tick, and 0; FLUX_END once the timer is closed. Calls take turns.
  int tick(std::uint64_t* number);

  // End `tick`; from any thread, any number of times.
  void close() noexcept;

  // What wakes the source when the server stops: `close`.
  void interrupt() noexcept { close(); }

  bool closed() const noexcept { return closed_; }
  std::uint64_t missed() const noexcept { return missed_; }

 private:
  const Clock::duration interval_;
  const Alarm alarm_;
  std::atomic<bool> closed_ = false;
  std::atomic<std::uint64_t> missed_ = 0;

  std::mutex turn_;  // guards what follows
  std::optional<Clock::time_point> start_;
  std::uint64_t last_ = 0;
};

}  // namespace flux::nodes
