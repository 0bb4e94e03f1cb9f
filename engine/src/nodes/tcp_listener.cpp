// The listener: what a program says of its connections, and the node that hands them out.

#include <flux/flux.h>

#include <stdexcept>
#include <utility>

#include "tcp_reception.hpp"

namespace flux::nodes {

Listener::~Listener() { close(); }

void Listener::open() {
  if (closed()) throw std::logic_error("a closed listener can't be opened: make another");
  opened();
}

int Listener::listen(Connection* client) {
  const auto own = opened();
  return own ? own->call(client) : FLUX_END;
}

void Listener::keep(Connection client) {
  const auto home = client.state().reception;
  home->keep(std::move(client));
}

void Listener::close() {
  {
    const std::lock_guard guard(opening_);
    closed_ = true;
  }
  if (const auto own = reception()) own->close();
}

void Listener::finish() {
  {
    const std::lock_guard guard(opening_);
    closed_ = true;
  }
  if (const auto own = reception()) own->finish();
}

bool Listener::closed() const {
  const std::lock_guard guard(opening_);
  return closed_;
}

std::size_t Listener::open_count() const {
  const auto own = reception();
  return own ? own->open_count() : 0;
}

std::size_t Listener::idle_count() const {
  const auto own = reception();
  return own ? own->idle_count() : 0;
}

std::shared_ptr<detail::Reception> Listener::reception() const {
  const std::lock_guard guard(opening_);
  return reception_;
}

// The reception, opened now if it isn't yet; none if it never was and the listener is closed.
std::shared_ptr<detail::Reception> Listener::opened() {
  const std::lock_guard guard(opening_);
  if (!reception_ && !closed_) {
    detail::Entrance entrance(Address(host, port), backlog);
    const Address own = Address::of(entrance.descriptor());
    const detail::Bounds bounds{max_connections, idle_timeout, timeout};
    reception_ = std::make_shared<detail::Reception>(std::move(entrance), bounds);
    host = own.host();
    port = own.port();
  }
  return reception_;
}

}  // namespace flux::nodes
