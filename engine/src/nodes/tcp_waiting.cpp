#include "tcp_waiting.hpp"

#include <utility>

namespace flux::nodes::detail {

void WaitingList::enter(Connection connection, Clock::time_point deadline) noexcept {
  ConnectionState* state = std::exchange(connection.state_, nullptr);
  state->list = this;
  state->patience_ends = deadline;
  state->previous = std::exchange(last_, state);
  (state->previous ? state->previous->next : first_) = state;
  ++size_;
}

Connection WaitingList::leave(ConnectionState& state) noexcept {
  (state.previous ? state.previous->next : first_) = state.next;
  (state.next ? state.next->previous : last_) = state.previous;
  state.previous = state.next = nullptr;
  state.list = nullptr;
  --size_;
  Connection connection;
  connection.state_ = &state;  // the list's own handle
  return connection;
}

Connection WaitingList::leave_first() noexcept { return first_ ? leave(*first_) : Connection(); }

Connection WaitingList::leave_expired(Clock::time_point now) noexcept {
  return next_deadline() <= now ? leave_first() : Connection();
}

Clock::time_point WaitingList::next_deadline() const noexcept {
  return first_ ? first_->patience_ends : Clock::time_point::max();
}

}  // namespace flux::nodes::detail
