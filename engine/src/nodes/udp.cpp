#include "flux/nodes/udp.hpp"

#include <flux/flux.h>
#include <poll.h>

#include <cerrno>
#include <stdexcept>

#include "../workers/worker.hpp"
#include "failure.hpp"
#include "udp_batch.hpp"

namespace flux::nodes {

namespace {

// A socket at an address, of this worker's own if there are several.
detail::Descriptor bound_socket(const Address& address) {
  if (const auto* const worker = workers::own()) return worker->borrow(address, SOCK_DGRAM, 0);
  constexpr int type = SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  detail::Descriptor made(detail::checked(::socket(address.family(), type, 0), "socket"));
  if (::bind(made.get(), address.data(), address.size()) != 0) detail::fail(address.text());
  return made;
}

}  // namespace

UdpSocket::UdpSocket() = default;

UdpSocket::~UdpSocket() = default;

void UdpSocket::open() {
  if (!bind()) throw std::logic_error("this socket is closed: make another");
}

int UdpSocket::receive(std::string* data, Address* peer) {
  const std::lock_guard turn(turn_);
  if (ended_ || !bind()) return FLUX_END;
  if (!batch_) batch_ = std::make_unique<detail::DatagramBatch>(max_size, dropped_);
  while (!ended_) {
    if (batch_->next(data, peer)) return 0;
    if (const int error = receive_some()) return error;
  }
  return FLUX_END;
}

void UdpSocket::send_to(const Bytes& data, const Address& peer) {
  const Datagram datagram{data, peer};
  send_batch(std::span(&datagram, 1));
}

void UdpSocket::send_batch(std::span<const Datagram> datagrams) {
  open();
  const std::shared_lock guard(use_);
  const auto deadline = Clock::now() + timeout;
  while (!datagrams.empty()) {
    const int sent = detail::send_some(socket_.get(), datagrams);
    if (sent >= 0) {
      datagrams = datagrams.subspan(static_cast<std::size_t>(sent));
    } else if (detail::would_block(errno)) {
      if (!wait(socket_.get(), POLLOUT, deadline)) detail::fail("the network", ETIMEDOUT);
    } else if (errno != EINTR) {
      detail::fail("sending to " + datagrams.front().peer.text());
    }
  }
}

void UdpSocket::interrupt() noexcept {
  ended_ = true;
  const std::shared_lock guard(use_);
  // The kernel calls the socket not connected, and wakes who waits for it all the same.
  if (socket_) ::shutdown(socket_.get(), SHUT_RD);
}

void UdpSocket::close() noexcept {
  interrupt();
  const std::lock_guard alone(use_);
  closed_ = true;
  socket_.reset();
}

bool UdpSocket::is_open() {
  const std::shared_lock guard(use_);
  return static_cast<bool>(socket_);
}

// Bind, unless that was done before; false once it is closed.
bool UdpSocket::bind() {
  if (is_open()) return true;
  const std::lock_guard alone(use_);
  if (socket_ || closed_) return !closed_;
  detail::Descriptor made = bound_socket(Address(host, port));
  const Address own = Address::of(made.get());
  host = own.host();
  port = own.port();
  socket_ = std::move(made);
  return true;
}

// Receive what has come, or wait until something does; 0 or an errno.
int UdpSocket::receive_some() {
  const std::shared_lock guard(use_);
  if (batch_->receive(socket_.get()) >= 0 || errno == EINTR) return 0;
  if (!detail::would_block(errno)) return errno;
  wait(socket_.get(), POLLIN, {});
  return 0;
}

}  // namespace flux::nodes
