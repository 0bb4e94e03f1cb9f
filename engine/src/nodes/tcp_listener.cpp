// The listener: what a program says of its connections, and the node that hands them out.

#include <flux/flux.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "../event/loop.hpp"
#include "tcp_reception.hpp"

namespace flux::nodes {

Listener::~Listener() { close(); }

void Listener::open() {
  if (closed()) throw std::logic_error("a closed listener can't be opened: make another");
  opened();
}

int Listener::listen(Connection* client) {
  event::spread_source();
  auto* const own = opened();
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
  for (const auto& each : receptions()) each->close();
}

void Listener::finish() {
  {
    const std::lock_guard guard(opening_);
    closed_ = true;
  }
  for (const auto& each : receptions()) each->finish();
}

bool Listener::closed() const { return closed_.load(std::memory_order_acquire); }

std::size_t Listener::open_count() const {
  std::size_t count = 0;
  for (const auto& each : receptions()) count += each->open_count();
  return count;
}

std::size_t Listener::idle_count() const {
  std::size_t count = 0;
  for (const auto& each : receptions()) count += each->idle_count();
  return count;
}

std::vector<std::shared_ptr<detail::Reception>> Listener::receptions() const {
  const std::lock_guard guard(opening_);
  std::vector<std::shared_ptr<detail::Reception>> all;
  std::ranges::copy_if(receptions_, std::back_inserter(all),
                       [](const auto& each) { return !!each; });
  return all;
}

// The reception of the loop that asks, opened now if it isn't yet; none if it never was and the
// listener is closed.
detail::Reception* Listener::opened() {
  const event::Loop* const loop = event::Loop::current();
  const std::size_t number = loop ? loop->number() : 0;
  auto* const own = opened_[number].load(std::memory_order_acquire);
  return own ? own : open_for(number);
}

detail::Reception* Listener::open_for(std::size_t loop) {
  const std::lock_guard guard(opening_);
  auto& own = receptions_[loop];
  if (!own && !closed_) {
    const std::size_t loops = std::max<std::size_t>(event::Loop::count(), 1);
    detail::Entrance entrance(Address(host, port), backlog, loops > 1);
    const Address bound = Address::of(entrance.descriptor());
    const detail::Bounds bounds{.connections = (max_connections + loops - 1) / loops,
                                .idle = idle_timeout,
                                .call = timeout,
                                .waiting = max_waiting};
    own = std::make_shared<detail::Reception>(std::move(entrance), bounds, tls);
    host = bound.host();
    port = bound.port();
    opened_[loop].store(own.get(), std::memory_order_release);
  }
  return own.get();
}

}  // namespace flux::nodes
