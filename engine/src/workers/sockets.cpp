#include "sockets.hpp"

#include <sys/socket.h>

#include <utility>

#include "../nodes/failure.hpp"

namespace flux::workers {

namespace {

using nodes::Address;
using nodes::detail::checked;
using nodes::detail::Descriptor;
using nodes::detail::fail;

void set(const Descriptor& socket, int level, int option) {
  const int on = 1;
  checked(::setsockopt(socket.get(), level, option, &on, sizeof on), "setsockopt");
}

Descriptor bound_socket(const Message& wish, const Address& address, bool is_shared) {
  Descriptor made(
      checked(::socket(address.family(), wish.type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket"));
  if (wish.type == SOCK_STREAM) set(made, SOL_SOCKET, SO_REUSEADDR);
  if (is_shared) set(made, SOL_SOCKET, SO_REUSEPORT);
  if (address.family() == AF_INET6) set(made, IPPROTO_IPV6, IPV6_V6ONLY);
  if (::bind(made.get(), address.data(), address.size()) != 0) fail(address.text());
  if (wish.type == SOCK_STREAM && is_shared) {
    checked(::listen(made.get(), wish.backlog), "listen");
  }
  return made;
}

std::string name_of(const Message& wish) {
  return std::to_string(wish.type) + " " + wish.address.text();
}

}  // namespace

Lent Sockets::lend(int worker, const Message& wish) {
  Place& where = place(worker, wish);
  const std::pair key{worker,
                      count(worker, std::to_string(wish.type) + " at " + where.bound.text())};
  auto found = where.sockets.find(key);
  if (found == where.sockets.end()) {
    found = where.sockets.emplace(key, bound_socket(wish, where.bound, true)).first;
  }
  if (keeps_ && wish.type == SOCK_STREAM) return {found->second.get()};
  Lent lent{found->second.get(), std::move(found->second)};
  where.sockets.erase(found);
  return lent;
}

void Sockets::release(int worker) noexcept {
  for (Place& place : places_) {
    std::erase_if(place.sockets, [=](const auto& each) { return each.first.first == worker; });
  }
}

void Sockets::close() noexcept {
  keeps_ = false;
  for (Place& place : places_) place.sockets.clear();
}

// Where a worker wants to listen; found to be free, or chosen, at the first such wish.
Sockets::Place& Sockets::place(int worker, const Message& wish) {
  const int number = wish.address.port() == 0 ? count(worker, name_of(wish)) : 0;
  if (Place* const known = find(wish, number)) return *known;
  Place made{wish.type, wish.address, number, wish.address};
  bind(made, worker, wish);
  return places_.emplace_back(std::move(made));
}

Sockets::Place* Sockets::find(const Message& wish, int number) noexcept {
  for (Place& each : places_) {
    const bool is_asked = each.asked == wish.address && each.number == number;
    if (each.type == wish.type && (is_asked || each.bound == wish.address)) return &each;
  }
  return nullptr;
}

// Take an address that nobody else has, though others might share theirs.
void Sockets::bind(Place& place, int worker, const Message& wish) {
  if (wish.type == SOCK_STREAM && wish.address.port() == 0) {
    Descriptor first = bound_socket(wish, wish.address, true);
    place.bound = Address::of(first.get());
    place.sockets.emplace(std::pair{worker, 0}, std::move(first));
  } else {
    place.bound = Address::of(bound_socket(wish, wish.address, false).get());
  }
}

}  // namespace flux::workers
