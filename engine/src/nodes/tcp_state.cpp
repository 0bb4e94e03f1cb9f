#include "tcp_state.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include "failure.hpp"
#include "tcp_reception.hpp"

namespace flux::nodes::detail {

namespace {

constexpr std::size_t linger_bytes = 1024 * 1024;

}  // namespace

ConnectionState::~ConnectionState() { reception->release(*this); }

Input ConnectionState::look() const noexcept {
  char byte;
  const auto got = ::recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (got > 0) return Input::waiting;
  return got < 0 && would_block(errno) ? Input::none : Input::finished;
}

bool ConnectionState::drop_input() noexcept {
  std::array<char, 16 * 1024> nobody_reads;
  while (dropped < linger_bytes) {
    const auto got = ::recv(descriptor, nobody_reads.data(), nobody_reads.size(), MSG_DONTWAIT);
    if (got < 0) return would_block(errno);
    if (got == 0) return false;
    dropped += static_cast<std::size_t>(got);
  }
  return false;
}

bool ConnectionState::has_unused_input() const noexcept {
  return !buffer.empty() || (protocol && protocol->has_input());
}

void ConnectionState::wait_for(short event, Deadline& deadline) const {
  if (!deadline) deadline = Clock::now() + reception->bounds().call;
  if (!wait(descriptor, event, deadline)) {
    fail("the client " + peer.host() + " is too slow", ETIMEDOUT);
  }
}

}  // namespace flux::nodes::detail
