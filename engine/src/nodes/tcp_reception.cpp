#include "tcp_reception.hpp"

#include <flux/flux.h>

#include <algorithm>
#include <utility>

namespace flux::nodes::detail {

namespace {

constexpr int hand_outs_in_a_row = 64;                // then events are fetched, whoever is ready
constexpr auto tick = std::chrono::milliseconds(10);  // how soon the last to leave is noticed
constexpr auto awake = Clock::time_point::min();
constexpr std::uint32_t finished = EPOLLRDHUP | EPOLLHUP | EPOLLERR;

}  // namespace

Reception::Reception(Entrance entrance, const Bounds& bounds, std::shared_ptr<Veils> veils)
    : bounds_(bounds),
      patience_(bounds.waiting),
      veils_(std::move(veils)),
      entrance_(std::move(entrance)) {}

std::size_t Reception::open_count() const {
  const std::lock_guard guard(lock_);
  return open_;
}

std::size_t Reception::idle_count() const {
  const std::lock_guard guard(lock_);
  return idle_.size();
}

int Reception::call(Connection* client) {
  const int error = call_in_turn(client);
  if (is_closed()) tear_down();
  return error;
}

void Reception::keep(Connection client) {
  ConnectionState& state = client.state();
  if (state.closed) return;
  const bool unused = state.has_unused_input();
  if (!unused && state.protocol) state.protocol->rest();
  if (!place(client, unused)) client.close();
}

// Whether the client has said its last word, and that was read.
bool Reception::owes_nothing(const ConnectionState& state) const {
  if (state.may_have_input || !state.protocol || !state.protocol->is_over()) return false;
  const std::lock_guard guard(lock_);
  return !state.heard && !state.finishing;
}

void Reception::linger(Connection client) {
  ConnectionState& state = client.state();
  while (!state.may_have_input || state.drop_input()) {
    const std::lock_guard guard(lock_);
    if (closed_) break;
    const bool has_heard = std::exchange(state.heard, false);
    state.may_have_input = std::exchange(state.finishing, false) || has_heard;
    if (state.may_have_input) continue;
    const auto deadline = Clock::now() + bounds_.linger;
    lingering_.enter(std::move(client), deadline);
    wake_before(deadline);
    return;
  }
  release(state);
}

void Reception::release(ConnectionState& state) noexcept {
  if (state.descriptor < 0) return;
  {
    const std::lock_guard guard(lock_);
    if (state.token != door) {
      by_descriptor_[static_cast<std::size_t>(state.descriptor)] = nullptr;
      --open_;
    }
  }
  state.closed = true;
  ::close(std::exchange(state.descriptor, -1));
}

bool Reception::is_closed() const { return closed_.load(std::memory_order_acquire); }

// Put a connection where it belongs; false if it must go.
bool Reception::place(Connection& client, bool unused) {
  const std::lock_guard guard(lock_);
  const auto input = unused ? Input::waiting : unread(client.state());
  if (closed_ || input == Input::finished) return false;
  if (finishing_ && input == Input::none) return false;
  const auto now = Clock::now();
  if (input == Input::waiting) {
    ready_.enter(std::move(client), now);
    wake_before(now);
  } else {
    idle_.enter(std::move(client), now + bounds_.idle);
  }
  return true;
}

// What the socket of a connection in use holds; it is asked only where there is a doubt.
Input Reception::unread(ConnectionState& state) {
  const bool is_in_doubt = state.may_have_input || state.heard || state.finishing || finishing_;
  state.heard = false;  // the socket says itself what there is, or the next flow reads it
  return is_in_doubt ? state.look() : Input::none;
}

void Reception::wake_before(Clock::time_point deadline) const {
  if (sleeps_until_ > deadline) wake();
}

void Reception::wake() const {
  if (poller_) poller_->wake();
}

int Reception::call_in_turn(Connection* client) {
  const std::lock_guard turn(turn_);
  begin();
  while (!is_closed()) {
    if (Connection next = next_ready()) {
      *client = std::move(next);
      return 0;
    }
    if (is_finishing() && has_finished()) break;
    if (const int error = gather()) return error;
  }
  return FLUX_END;
}

// The first call tells what carries the source, and so what it waits with.
void Reception::begin() {
  if (poller_ || is_closed()) return;
  auto poller = new_poller(entrance_.descriptor());
  const std::lock_guard guard(lock_);
  poller_ = std::move(poller);
}

bool Reception::is_finishing() const {
  const std::lock_guard guard(lock_);
  return finishing_;
}

Connection Reception::next_ready() {
  if (handed_out_ == hand_outs_in_a_row) return {};
  const std::lock_guard guard(lock_);
  Connection next = ready_.leave_first();
  if (next) {
    next.state().may_have_input = true;
    ++next.state().uses;
  }
  ++handed_out_;
  return next;
}

// Wait for events, and move connections accordingly; 0 or an errno.
int Reception::gather() {
  handed_out_ = 0;
  const auto wake_at = time_to_sleep();
  if (wake_at != awake) poller_->wait(wake_at);
  if (opens_at_) open_door();
  Heard heard;
  catch_up(heard);
  return heard.arrivals ? accept() : 0;
}

// Move connections as events say.
void Reception::catch_up(Heard& heard) {
  fetch(heard);
  for (ConnectionState* state : heard.lingering) hear_lingering(*state);
  while (Connection veiled = heard.veiled.leave_first()) hear_veiled(std::move(veiled));
  while (const Connection last = heard.gone.leave_first()) release(last.state());
}

// Until when to wait for events.
Clock::time_point Reception::time_to_sleep() {
  const std::lock_guard guard(lock_);
  if (closed_ || !ready_.empty()) return awake;
  sleeps_until_ = std::min(idle_.next_deadline(), lingering_.next_deadline());
  if (open_ > 0) sleeps_until_ = std::min(sleeps_until_, Clock::now() + bounds_.idle);
  if (finishing_) sleeps_until_ = std::min(sleeps_until_, Clock::now() + tick);
  if (opens_at_) sleeps_until_ = std::min(sleeps_until_, *opens_at_);
  return sleeps_until_;
}

// Fetch what has happened, if anything; those whose patience has ended are gone, too.
void Reception::fetch(Heard& heard) {
  Poller::Events events;
  const std::lock_guard guard(lock_);
  sleeps_until_ = awake;
  for (const epoll_event& event : poller_->fetch(events)) {
    if (event.data.u64 == door) {
      heard.arrivals = true;
    } else if (ConnectionState* state = find(event.data.u64)) {
      hear(*state, (event.events & finished) != 0, heard);
    }
  }
  leave_expired(heard.gone);
}

// A client has spoken, or finished.
void Reception::hear(ConnectionState& state, bool may_have_finished, Heard& heard) {
  if (state.list == &lingering_) {
    heard.lingering.push_back(&state);
  } else if (state.list != &idle_) {
    state.heard = true;
    state.finishing = state.finishing || may_have_finished;
  } else if (state.veil) {
    state.finishing = may_have_finished;
    heard.veiled.enter(idle_.leave(state), {});
  } else if (may_have_finished && state.look() == Input::finished) {
    heard.gone.enter(idle_.leave(state), {});
  } else {
    state.finishing = may_have_finished;  // its end was told, and won't be again
    ready_.enter(idle_.leave(state), {});
  }
}

void Reception::hear_lingering(ConnectionState& state) {
  if (state.drop_input()) return;
  Connection last;
  {
    const std::lock_guard guard(lock_);
    if (state.list != &lingering_) return;  // its patience has ended, too
    last = lingering_.leave(state);
  }
  release(state);
}

// What came may be half a word, or a farewell; without the lock, for understanding it takes time.
void Reception::hear_veiled(Connection client) {
  ConnectionState& state = client.state();
  const auto input = state.look();
  if (input == Input::finished) return release(state);
  const std::lock_guard guard(lock_);
  const auto now = Clock::now();
  if (input == Input::waiting) {
    ready_.enter(std::move(client), now);
  } else {
    idle_.enter(std::move(client), now + bounds_.idle);
  }
}

void Reception::leave_expired(WaitingList& gone) {
  const auto now = Clock::now();
  while (Connection expired = idle_.leave_expired(now)) gone.enter(std::move(expired), now);
  while (Connection expired = lingering_.leave_expired(now)) gone.enter(std::move(expired), now);
}

// The connection that an event is of, if it is still there.
ConnectionState* Reception::find(std::uint64_t token) const noexcept {
  ConnectionState* state = by_descriptor_[token & 0xffff'ffff];
  return state && state->token == token ? state : nullptr;
}

Connection Reception::leave_first(std::initializer_list<WaitingList*> lists) {
  const std::lock_guard guard(lock_);
  for (WaitingList* list : lists) {
    if (!list->empty()) return list->leave_first();
  }
  return {};
}

}  // namespace flux::nodes::detail
