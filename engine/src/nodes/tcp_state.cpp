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

Input ConnectionState::look() noexcept {
  const Wire wire(*this);
  return veil ? veil->look(wire) : wire.look();
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

// What a veil has may be a farewell, or half a word: whoever asks next looks again.
bool ConnectionState::has_unused_input() noexcept {
  if (!buffer.empty() || (protocol && protocol->has_input())) return true;
  if (!veil || !veil->has_input()) return false;
  may_have_input = true;
  return look() == Input::waiting;
}

Deadline ConnectionState::bounded(Deadline deadline) const {
  return deadline ? deadline : Clock::now() + reception->bounds().call;
}

void ConnectionState::wait_for(short event, Deadline& deadline) const {
  deadline = bounded(deadline);
  const Patience::Wait own(reception->patience(), descriptor, event);
  if (!wait(descriptor, event, deadline) || own.is_given_up()) {
    fail("the client " + peer.host() + " is too slow", ETIMEDOUT);
  }
}

}  // namespace flux::nodes::detail
