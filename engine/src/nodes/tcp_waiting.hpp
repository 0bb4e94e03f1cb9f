// Connections that wait, in the order in which their patience ends.
//
// All of one list wait equally long, so that who came first is given up first; the links are in the
// connections themselves. That makes every step O(1) and free of allocation.

#pragma once

#include <cstddef>

#include "tcp_state.hpp"

namespace flux::nodes::detail {

class WaitingList {
 public:
  WaitingList() = default;
  WaitingList(const WaitingList&) = delete;
  WaitingList& operator=(const WaitingList&) = delete;
  ~WaitingList() {
    while (leave_first()) continue;
  }

  bool empty() const noexcept { return first_ == nullptr; }
  std::size_t size() const noexcept { return size_; }

  // Let a connection wait; its deadline is no earlier than those of the others.
  void enter(Connection connection, Clock::time_point deadline) noexcept;

  // Take a connection out.
  Connection leave(ConnectionState& state) noexcept;

  // Take out the connection that has waited longest; empty if there is none.
  Connection leave_first() noexcept;

  // The same, if its patience has ended.
  Connection leave_expired(Clock::time_point now) noexcept;

  // When the first one's patience ends; never if nobody waits.
  Clock::time_point next_deadline() const noexcept;

 private:
  ConnectionState* first_ = nullptr;
  ConnectionState* last_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace flux::nodes::detail
