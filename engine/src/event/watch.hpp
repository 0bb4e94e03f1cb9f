// Looks after the loops of a runtime: tells which flow keeps one busy for too long, and which loop
// can't answer when it is asked for a census.
//
// Theory of operation. A thread looks every quarter of the threshold at how often each loop has
// switched fibers. If a loop is awake, and the number has been the same for the threshold, its
// thread is sent a signal, whose handler tells what that thread is at: nobody else may look at a
// flow. The handler looks again: if a fiber runs, and the number is still the same, it is the one
// that ran when the number was first seen.
//
// The watch sleeps while all loops do; see vigil.hpp.

#pragma once

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

#include "census.hpp"
#include "timers.hpp"
#include "vigil.hpp"

namespace flux::event {

class Loop;

// How often something may be told: a few times at once, then once a second.
class Allowance {
 public:
  bool take(Time now) noexcept;

 private:
  static constexpr double most = 5;
  double left_ = most;
  Time since_{};
};

class Watch final : public Vigil {
 public:
  using milliseconds = std::chrono::milliseconds;

  // A threshold of 0: loops may be busy for as long as they like.
  explicit Watch(milliseconds threshold) noexcept : threshold_{threshold} {}

  // Look after a loop that runs on a thread; all before `start`.
  void add(Loop& loop, Census& census, pthread_t thread);

  // Throws std::system_error if there is no thread for it.
  void start();
  void stop() noexcept;

  // Let each loop list what it carries; from any thread, or a handler of signals.
  void ask() noexcept;

  // Tell what a loop is at, on its thread, in the handler of the signal that was sent to it.
  void tell(const Loop& loop) noexcept;

 private:
  struct Watched {
    Watched(Loop& its_loop, Census& its_census, pthread_t its_thread) noexcept
        : loop{its_loop}, census{its_census}, thread{its_thread} {}

    Loop& loop;
    Census& census;
    pthread_t thread;
    std::uint64_t reported = 0;  // the number in the last report
    std::atomic<std::uint64_t> seen{0};
    std::atomic<Time> since{};
    std::atomic<std::uint64_t> untold{0};
    std::atomic<bool> is_stalled{false};
    std::atomic<bool> is_silent{false};
  };

  static void* run(void* watch);
  std::optional<Time> look(Time now) noexcept;
  std::optional<Time> look_for_stalls(Time now) noexcept;
  std::optional<Time> look_for_answers(Time now) noexcept;
  bool inspect(Watched& watched, Time now) noexcept;
  void report(Watched& watched, Time now) noexcept;
  void tell_stall(Watched& watched) const noexcept;
  void tell_silence(const Watched& watched) const noexcept;

  const milliseconds threshold_;
  std::deque<Watched> watched_{};
  pthread_t thread_{};
  bool is_started_ = false;
  std::atomic<bool> asked_{false};
  std::atomic<bool> stopped_{false};
  std::optional<Time> answers_due_{};
  Time last_look_{};
  Allowance allowance_{};
  std::uint64_t untold_ = 0;
};

}  // namespace flux::event
