// One worker as its parent sees it: a process, its line, and when the next one takes its place.

#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>

#include "flux/nodes/descriptor.hpp"
#include "restarts.hpp"
#include "worker.hpp"

namespace flux::workers {

using Clock = std::chrono::steady_clock;

constexpr auto never = Clock::time_point::max();
constexpr int signalled = 128;  // what a shell adds to the number of a signal that ends a process

// So many seconds from now, some thirty years at most.
Clock::time_point in(double seconds) noexcept;

struct Process {
  explicit Process(int its_number) noexcept : number{its_number} {}

  // The worker is this process from now on, which is late if it doesn't serve by then.
  void begin(pid_t process, nodes::detail::Descriptor its_line,
             Clock::time_point its_limit) noexcept;

  // This process serves.
  void note_service() noexcept;

  // For how long it has served; not at all if it hasn't begun to.
  Restarts::Milliseconds served() const noexcept;

  // What it says, if it says anything now.
  std::optional<Message> heard() noexcept;

  // Send it a signal, if there is a process.
  void send(int signal) const noexcept;

  // The exit status, as a shell tells it, if it has ended; it is reaped.
  std::optional<int> ended() noexcept;

  int number;
  pid_t pid = 0;
  nodes::detail::Descriptor line{};
  Restarts restarts{};
  std::optional<Clock::time_point> due{};           // when the next process starts
  Clock::time_point late = never;                   // when it should serve
  std::optional<Clock::time_point> serves_since{};  // this process
  bool has_served = false;                          // any process
  bool is_over = false;
};

// An exit status in words.
std::string told(int status);

}  // namespace flux::workers
