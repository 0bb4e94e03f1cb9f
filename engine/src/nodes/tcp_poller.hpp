// Waiting for many descriptors at once, by epoll.
//
// Connections are registered once and edge-triggered: each time something arrives, one event comes,
// and arming costs no system call. Waiting and fetching are two steps. `wait` sleeps until there is
// something to fetch; `fetch` never sleeps, so it can be called under the lock that guards where
// each connection is. The kernel looks again at what it hands out, so an event that is fetched for
// an idle connection is true at that moment: what a flow has read away in the meantime never shows.
//
// An event is known by its token, not by its descriptor, whose number may be in use again.

#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <span>

#include "flux/nodes/descriptor.hpp"
#include "flux/nodes/waiting.hpp"

namespace flux::nodes::detail {

class Poller {
 public:
  static constexpr std::size_t batch = 64;
  using Events = std::array<epoll_event, batch>;

  // Reports this descriptor, under token 0, as long as it has something to read.
  explicit Poller(int always);

  // Report each arrival; 0 or an errno.
  int add(int descriptor, std::uint64_t token) noexcept;

  // Sleep until there are events, somebody wakes, or the deadline has come.
  void wait(Deadline deadline) const { flux::nodes::wait(epoll_.get(), EPOLLIN, deadline); }

  // The events that are there now, but for alarms.
  std::span<const epoll_event> fetch(Events& events) const noexcept;

  // Make `wait` return at once: the present call, or else the next one.
  void wake() const noexcept { alarm_.ring(); }

 private:
  Descriptor epoll_;
  Alarm alarm_;
};

}  // namespace flux::nodes::detail
