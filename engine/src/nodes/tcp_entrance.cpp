#include "tcp_entrance.hpp"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <flux/lock.hpp>

#include "../workers/worker.hpp"
#include "failure.hpp"

namespace flux::nodes::detail {

namespace {

constexpr std::array client_has_gone{ECONNABORTED, EPROTO,   EPERM,     EINTR,       EHOSTUNREACH,
                                     ENETUNREACH,  ENETDOWN, EHOSTDOWN, ENOPROTOOPT, EOPNOTSUPP};

bool out_of_descriptors(int error) { return error == EMFILE || error == ENFILE; }

bool is_the_clients(int error) {
  return std::ranges::find(client_has_gone, error) != client_has_gone.end();
}

void set(int socket, int level, int option) {
  const int on = 1;
  checked(::setsockopt(socket, level, option, &on, sizeof on), "setsockopt");
}

// A socket that listens, of this worker's own if there are several.
Descriptor listening(const Address& address, int backlog, bool shared) {
  if (const auto* const worker = workers::own()) {
    return worker->borrow(address, SOCK_STREAM, backlog);
  }
  Descriptor made(
      checked(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket"));
  set(made.get(), SOL_SOCKET, SO_REUSEADDR);
  if (shared) set(made.get(), SOL_SOCKET, SO_REUSEPORT);
  if (address.family() == AF_INET6) set(made.get(), IPPROTO_IPV6, IPV6_V6ONLY);
  if (::bind(made.get(), address.data(), address.size()) != 0) fail(address.text());
  checked(::listen(made.get(), backlog), "listen");
  return made;
}

// The doors of this process that are beside each other: many are open, or one alone.
class Doorway {
 public:
  Doorway(bool shared, Mode mode) noexcept : shared_(shared), mode_(mode) {
    if (shared_) take(doors, mode_);
  }
  ~Doorway() {
    if (shared_) give_back(doors, mode_);
  }
  Doorway(const Doorway&) = delete;
  Doorway& operator=(const Doorway&) = delete;

 private:
  static inline constinit ReaderWriterLock doors{};

  bool shared_;
  Mode mode_;
};

}  // namespace

Entrance::Entrance(const Address& address, int backlog, bool shared)
    : shared_(shared), server_(listening(address, backlog, shared)) {
  set(descriptor(), IPPROTO_TCP, TCP_NODELAY);  // accepted sockets inherit it
  refill();
}

Arrival Entrance::accept() noexcept {
  Arrival arrival = try_to_accept();
  if (!out_of_descriptors(arrival.error)) return arrival;
  const Doorway alone(shared_, Mode::writer);
  if (!reserve_) return arrival;
  arrival.is_last = !turn_away();
  if (reserve_) arrival.error = 0;
  return arrival;
}

Arrival Entrance::try_to_accept() noexcept {
  const Doorway beside_others(shared_, Mode::reader);
  refill();
  Arrival arrival;
  do {
    socklen_t size = Address::capacity;
    arrival.socket = Descriptor(
        ::accept4(descriptor(), arrival.peer.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  } while (!arrival.socket && is_the_clients(errno));
  if (arrival.socket) return arrival;
  arrival.is_last = would_block(errno);
  arrival.error = arrival.is_last ? 0 : errno;
  return arrival;
}

void Entrance::close() noexcept {
  server_.reset();
  reserve_.reset();
}

// Accept one client with the descriptor that was in reserve, and close it; whether others may wait.
// The system looks for a free descriptor before it looks whether anybody has come.
bool Entrance::turn_away() noexcept {
  reserve_.reset();
  const bool may_be_more =
      Descriptor(::accept4(descriptor(), nullptr, nullptr, SOCK_CLOEXEC)) || !would_block(errno);
  refill();
  return may_be_more;
}

void Entrance::refill() noexcept {
  if (!reserve_) reserve_ = Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

}  // namespace flux::nodes::detail
