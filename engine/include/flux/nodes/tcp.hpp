// TCP for servers: a listener that hands out connections with something to read.
//
//     flux::nodes::Listener listener;
//
//     int Listen(flux::nodes::Connection* client) { return listener.listen(client); }
//
//     extern "C" int flux_init(int, char**) { listener.open(); return 0; }
//     extern "C" void flux_interrupt(void) { listener.interrupt(); }
//
// What fails throws std::system_error: std::errc::timed_out is a client that is too slow, the
// others are connections that broke.

#pragma once

#include <array>
#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <typeinfo>
#include <utility>
#include <vector>

#include "flux/nodes/address.hpp"
#include "flux/nodes/bytes.hpp"
#include "flux/nodes/waiting.hpp"

namespace flux::nodes {

namespace detail {
class ConnectionState;
class Reception;
class WaitingList;
}  // namespace detail

class Veils;

// What a protocol remembers of a connection from one flow to the next.
class Protocol {
 public:
  virtual ~Protocol() = default;

  // Whether bytes were received and not used yet: the connection is then handed out at once.
  virtual bool has_input() const noexcept = 0;

  // Whether the client has said that it sends nothing more: nothing is waited for on closing.
  virtual bool is_over() const noexcept { return false; }

  // The connection begins to wait for its client: memory may be given back.
  virtual void rest() noexcept {}
};

// A client's connection, used by one flow at a time.
//
// It is a handle, cheap to copy and cheaper to move; the connection is closed with its last copy.
// Without a deadline a call waits for `Listener::timeout` at most.
class Connection {
 public:
  Connection() noexcept = default;
  Connection(const Connection& other) noexcept;
  Connection(Connection&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
  Connection& operator=(Connection other) noexcept;
  ~Connection();

  // Whether this is a connection at all, open or closed.
  explicit operator bool() const noexcept { return state_ != nullptr; }
  friend bool operator==(const Connection&, const Connection&) noexcept = default;

  const Address& peer() const;
  int descriptor() const;      // it doesn't block; -1 when closed
  bool closed() const;         // at this side
  std::uint64_t uses() const;  // how often it has been handed out

  // Bytes that were read and not used yet.
  std::string& buffer() const;

  // What a protocol remembers, made at its first use; one protocol a connection.
  template <std::derived_from<Protocol> P, class... Args>
  P& protocol(Args&&... args) const;

  // Wait for the next bytes: how many came, 0 when the client has finished.
  std::size_t receive(std::span<char> into, Deadline deadline = {}) const;

  // Send all parts, in one packet where they fit.
  void send(std::span<const Bytes> parts, Deadline deadline = {}) const;
  void send(std::initializer_list<Bytes> parts, Deadline deadline = {}) const;
  void send(const Bytes& whole, Deadline deadline = {}) const;

  // Close so that the client gets all that was sent, without waiting for it.
  void close() const;

  // Close at once, whatever is still on its way; nothing if it is closed already.
  void abort() const;

  // Close at once so that the client learns of it; what it hasn't got yet may be lost.
  void reset() const;

  // Whether the client has closed its side, or broken off, and left nothing to read.
  bool has_finished() const;

 private:
  friend class Listener;
  friend class detail::Reception;
  friend class detail::WaitingList;
  explicit Connection(detail::ConnectionState* state) noexcept;
  detail::ConnectionState& state() const;
  std::unique_ptr<Protocol>& protocol_slot() const;

  detail::ConnectionState* state_ = nullptr;
};

// A listening socket, and the connections that wait for their clients' next words.
//
// Making one opens nothing: set its members, then call `open`. All functions may be called from any
// thread; calls of `listen` take turns. The members are read by `open`, which sets host and port.
//
// On the event runtime with several loops, each has a socket of its own (SO_REUSEPORT): the kernel
// gives each its share of the connections, which stay there. A source that calls `listen` then runs
// on every loop.
class Listener {
 public:
  Listener() = default;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();

  std::string host = "127.0.0.1";
  int port = 0;                                    // 0 is any that is free
  int backlog = 1024;                              // clients that wait to be accepted
  std::size_t max_connections = 10'000;            // above it the one that waits longest is closed;
                                                   // each loop has its share
  std::chrono::milliseconds idle_timeout{60'000};  // for a client's next words
  std::chrono::milliseconds timeout{30'000};       // for one receive or send without a deadline
  std::size_t max_waiting = 0;                     // calls that wait at once (0: any number); above
                                                   // it the one that waits longest is too slow
  std::shared_ptr<Veils> tls;  // see flux/nodes/tls.hpp; none: bytes as they are

  // Bind and listen, once; host and port then say where. `listen` does it if need be.
  void open();

  // The source: the next connection with something to read, and 0; FLUX_END once the listener is
  // closed; an errno if the system can't accept connections now. It belongs to the caller, who
  // closes it, hands it back with `keep`, or drops it.
  int listen(Connection* client);

  // Take a connection back until its client speaks again; after `close` it is closed, and after
  // `finish`, too, unless the client has spoken already.
  void keep(Connection client);

  // Stop listening, close waiting connections, end `listen`; connections in use go on.
  void close();

  // Take no new clients, and close those that wait and are silent. `listen` goes on until no
  // connection is in use: whoever has spoken is still served.
  void finish();

  // What wakes the source when the server can't wait for it: `close`.
  void interrupt() { close(); }

  bool closed() const;             // to new clients
  std::size_t open_count() const;  // waiting, in use and closing
  std::size_t idle_count() const;  // waiting for their clients

 private:
  detail::Reception* opened();
  detail::Reception* open_for(std::size_t loop);
  std::vector<std::shared_ptr<detail::Reception>> receptions() const;

  mutable std::mutex opening_;
  std::array<std::shared_ptr<detail::Reception>, 64> receptions_;  // of each loop
  std::array<std::atomic<detail::Reception*>, 64> opened_{};       // the same, without the lock
  std::atomic<bool> closed_ = false;                               // set with the lock only
};

template <std::derived_from<Protocol> P, class... Args>
P& Connection::protocol(Args&&... args) const {
  auto& slot = protocol_slot();
  if (!slot) slot = std::make_unique<P>(std::forward<Args>(args)...);
  if (auto& spoken = *slot; typeid(spoken) == typeid(P)) return static_cast<P&>(spoken);
  if (auto* spoken = dynamic_cast<P*>(slot.get())) return *spoken;
  throw std::logic_error("this connection speaks another protocol already");
}

}  // namespace flux::nodes
