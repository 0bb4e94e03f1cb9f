// Who comes in, and who can't.
//
// Too many connections: above the bound the one that has waited longest makes room for the new one;
// if none waits, the new one is closed. When the process is out of descriptors, the new one is
// closed. Other failures of accept are the client's, who has gone again: nothing happened; or the
// system's: then nobody is accepted for a while, and those who are in are served. If nobody is in,
// they are returned, for the source to back off.

#include <chrono>
#include <utility>

#include "tcp_reception.hpp"

namespace flux::nodes::detail {

namespace {

constexpr int accepts_in_a_row = 64;  // then the ready connections are served first
constexpr auto closed_for = std::chrono::milliseconds(100);  // the door, if nobody can be accepted

}  // namespace

int Reception::accept() {
  for (int count = 0; count < accepts_in_a_row; ++count) {
    Arrival arrival = entrance_.accept();
    if (arrival.is_last) poller_->exhausted();
    if (arrival.error != 0) return close_door(arrival.error);
    if (!arrival.socket) return 0;
    if (const int error = admit(std::move(arrival))) return error;
  }
  return 0;
}

// Those who are in must not wait because others can't come in; the error if nobody is.
int Reception::close_door(int error) {
  if (open_count() == 0) return error;
  poller_->ignore(true);
  opens_at_ = Clock::now() + closed_for;
  return 0;
}

void Reception::open_door() {
  if (Clock::now() < *opens_at_) return;
  poller_->ignore(false);
  opens_at_.reset();
}

int Reception::admit(Arrival arrival) {
  if (open_count() >= bounds_.connections && !make_room()) return 0;
  const Connection client(
      new ConnectionState(std::move(arrival.socket), arrival.peer, shared_from_this()));
  if (veils_) client.state().veil = veils_->veil();
  return enrol(client);
}

// Count a connection in, and let it wait for its client's first words; 0 or an errno.
int Reception::enrol(Connection client) {
  ConnectionState& state = client.state();
  const auto index = static_cast<std::size_t>(state.descriptor);
  const std::lock_guard guard(lock_);
  if (by_descriptor_.size() <= index) by_descriptor_.resize(index + 1);
  by_descriptor_[index] = &state;
  state.token = ++enrolled_ << 32 | index;
  ++open_;
  if (const int error = poller_->add(state.descriptor, state.token)) return error;
  idle_.enter(std::move(client), Clock::now() + bounds_.idle);
  return 0;
}

// Let go of the connection that has waited longest; whether there was one.
bool Reception::make_room() {
  const Connection longest = leave_first({&lingering_, &idle_});
  if (longest) release(longest.state());
  return static_cast<bool>(longest);
}

}  // namespace flux::nodes::detail
