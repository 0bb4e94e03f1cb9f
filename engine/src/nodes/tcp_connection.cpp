// One TCP connection of a listener: reading and sending with deadlines.
//
// Sockets are non-blocking underneath: each call is tried first, and only one that would block
// costs a poll for the rest of its time (tcp_wire.cpp).
//
// Closing politely takes three steps (RFC 9112, 9.6). If a server closed while the client still
// sends, the kernel would answer with a reset, which can destroy the reply on its way. So `close`
// shuts down the sending half, drops what has come, and, unless the client has finished too, leaves
// the connection to the listener, which goes on dropping within bounds of bytes and time. A client
// that said that it sends nothing more needs no such care.
//
// `reset` is for the opposite: where the connection's end would be taken for that of a reply, only
// a reset tells that it broke off.

#include <sys/socket.h>

#include <utility>

#include "failure.hpp"
#include "tcp_reception.hpp"
#include "tcp_state.hpp"

namespace flux::nodes {

Connection::Connection(detail::ConnectionState* state) noexcept : state_(state) {
  if (state) state->handles.fetch_add(1, std::memory_order_relaxed);
}

Connection::Connection(const Connection& other) noexcept : Connection(other.state_) {}

Connection& Connection::operator=(Connection other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

Connection::~Connection() {
  if (state_ && state_->handles.fetch_sub(1, std::memory_order_acq_rel) == 1) delete state_;
}

const Address& Connection::peer() const { return state().peer; }

int Connection::descriptor() const { return closed() ? -1 : state().descriptor; }

bool Connection::closed() const { return state().closed; }

std::uint64_t Connection::uses() const { return state().uses; }

std::string& Connection::buffer() const { return state().buffer; }

std::size_t Connection::receive(std::span<char> into, Deadline deadline) const {
  auto& own = state();
  const Wire wire(own);
  return own.veil ? own.veil->receive(wire, into, own.bounded(deadline))
                  : wire.receive(into, deadline);
}

void Connection::send(std::span<const Bytes> parts, Deadline deadline) const {
  auto& own = state();
  const Wire wire(own);
  return own.veil ? own.veil->send(wire, parts, own.bounded(deadline)) : wire.send(parts, deadline);
}

void Connection::send(std::initializer_list<Bytes> parts, Deadline deadline) const {
  send(std::span<const Bytes>(parts.begin(), parts.size()), deadline);
}

void Connection::send(const Bytes& whole, Deadline deadline) const {
  send(std::span<const Bytes>(&whole, 1), deadline);
}

void Connection::close() const {
  auto& own = state();
  if (std::exchange(own.closed, true)) return;
  if (own.veil) own.veil->close(Wire(own));
  if (!own.reception->owes_nothing(own) && ::shutdown(own.descriptor, SHUT_WR) == 0) {
    own.reception->linger(*this);
  } else {
    own.reception->release(own);
  }
}

void Connection::abort() const {
  auto& own = state();
  if (!std::exchange(own.closed, true)) own.reception->release(own);
}

void Connection::reset() const {
  if (closed()) return;
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(state().descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  abort();
}

bool Connection::has_finished() const { return closed() || state().look() == Input::finished; }

detail::ConnectionState& Connection::state() const {
  if (!state_) detail::fail("an empty connection", ENOTCONN);
  return *state_;
}

std::unique_ptr<Protocol>& Connection::protocol_slot() const { return state().protocol; }

}  // namespace flux::nodes
