// The bytes of a connection as they are: without a veil, those that flows see.

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "../event/loop.hpp"
#include "failure.hpp"
#include "flux/nodes/veil.hpp"
#include "tcp_sending.hpp"
#include "tcp_state.hpp"

namespace flux::nodes {

namespace {

// Whether a call would have blocked and may be tried again later; throws if it failed.
bool must_wait(const detail::ConnectionState& state, const char* doing) {
  if (errno == EINTR) return false;
  if (detail::would_block(errno)) return true;
  detail::fail(std::string(doing) + " " + state.peer.host());
}

}  // namespace

int Wire::descriptor() const noexcept { return state_.closed ? -1 : state_.descriptor; }

std::size_t Wire::receive(std::span<char> into, Deadline& deadline) const {
  while (true) {
    event::Loop::begin_call();
    const auto got = ::recv(descriptor(), into.data(), into.size(), MSG_DONTWAIT);
    state_.may_have_input = got >= 0 && static_cast<std::size_t>(got) == into.size();
    if (got >= 0) return static_cast<std::size_t>(got);
    if (must_wait(state_, "receiving from")) state_.wait_for(POLLIN, deadline);
  }
}

void Wire::send(std::span<const Bytes> parts, Deadline& deadline) const {
  detail::Unsent rest(parts);
  while (!rest.empty()) {
    event::Loop::begin_call();
    if (rest.send(descriptor()) >= 0) continue;
    if (must_wait(state_, "sending to")) state_.wait_for(POLLOUT, deadline);
  }
}

Input Wire::look() const noexcept {
  char byte;
  const auto got = ::recv(state_.descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (got > 0) return Input::waiting;
  return got < 0 && detail::would_block(errno) ? Input::none : Input::finished;
}

std::optional<std::size_t> Wire::receive_now(std::span<char> into) const noexcept {
  const auto got = ::recv(state_.descriptor, into.data(), into.size(), MSG_DONTWAIT);
  if (got < 0 && detail::would_block(errno)) return {};
  return got < 0 ? 0 : static_cast<std::size_t>(got);
}

void Wire::send_now(std::string_view bytes) const noexcept {
  static_cast<void>(
      ::send(state_.descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL));
}

}  // namespace flux::nodes
