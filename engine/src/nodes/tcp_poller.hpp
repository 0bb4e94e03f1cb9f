// Waiting for many descriptors at once, and for one that is always listened to.
//
// Connections are registered once and edge-triggered: each time something arrives, one event comes,
// and arming costs no system call. Waiting and fetching are two steps. `wait` sleeps until there is
// something to fetch; `fetch` never sleeps, so it can be called under the lock that guards where
// each connection is. An event that is fetched for an idle connection is true at that moment: what
// a flow has read away in the meantime never shows.
//
// An event is known by its token, not by its descriptor, whose number may be in use again.
//
// There are two: one with an epoll of its own, for threads, and one that hears what the loop hears
// on which its fiber runs.

#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "flux/nodes/waiting.hpp"

namespace flux::nodes::detail {

// The token of the one that is always listened to.
inline constexpr std::uint64_t door = 0;

class Poller {
 public:
  static constexpr std::size_t batch = 64;
  using Events = std::array<epoll_event, batch>;

  virtual ~Poller() = default;

  // Report each arrival; 0 or an errno.
  virtual int add(int descriptor, std::uint64_t token) noexcept = 0;

  // Sleep until there are events, somebody wakes, or the deadline has come.
  virtual void wait(Deadline deadline) = 0;

  // The events that are there now, but for alarms.
  virtual std::span<const epoll_event> fetch(Events& events) noexcept = 0;

  // Make `wait` return at once: the present call, or else the next one.
  virtual void wake() noexcept = 0;

  // Nothing waits any more for the one that is always listened to, until its next event.
  virtual void exhausted() noexcept {}

  // Whether to leave out the one that is always listened to, whatever waits there.
  virtual void ignore(bool ignored) noexcept = 0;
};

// The poller for who calls. It reports one descriptor, under the token `door`, as long as that has
// something to read.
std::shared_ptr<Poller> new_poller(int always);

// The one for fibers; null on threads.
std::shared_ptr<Poller> new_loop_poller(int always);

}  // namespace flux::nodes::detail
