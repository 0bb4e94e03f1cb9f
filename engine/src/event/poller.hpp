// The kernel's word on which descriptors are ready: epoll, edge-triggered.
//
// A descriptor is registered once, and each change is told once, with the descriptor's token. What
// is told may be out of date, or even of a file that was closed and lives on in another process:
// whoever hears it has to try again.

#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "timers.hpp"

namespace flux::event {

class Poller {
 public:
  // Throws std::system_error.
  Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;
  ~Poller();

  // Tell of each change of a descriptor, and of its state now; 0, or an errno.
  int add(int descriptor, std::uint32_t events, std::uint64_t token) noexcept;

  // What has changed, after a wait for it up to a moment, or for ever; -1 if a signal came.
  int wait(std::optional<Time> deadline) noexcept;
  std::span<const epoll_event> events(int count) const noexcept {
    return std::span{events_}.first(static_cast<std::size_t>(count));
  }

 private:
  int wait_until(Time deadline) noexcept;

  int epoll_;
  std::array<epoll_event, 256> events_;
};

}  // namespace flux::event
