// What there is of a connection behind its handles.

#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "flux/nodes/descriptor.hpp"
#include "flux/nodes/tcp.hpp"
#include "flux/nodes/veil.hpp"

namespace flux::nodes::detail {

class Reception;
class WaitingList;

class ConnectionState {
 public:
  ConnectionState(Descriptor socket, const Address& from, std::shared_ptr<Reception> home)
      : reception(std::move(home)), peer(from), descriptor(socket.release()) {}
  ConnectionState(const ConnectionState&) = delete;
  ConnectionState& operator=(const ConnectionState&) = delete;
  ~ConnectionState();

  // What there is to read, without waiting.
  Input look() noexcept;

  // Drop what the client has sent; whether it may and should send more.
  bool drop_input() noexcept;

  // Whether its protocol, its flow or its veil left bytes to be used.
  bool has_unused_input() noexcept;

  // A deadline, where none is set that which the listener says.
  Deadline bounded(Deadline deadline) const;

  // Wait until the socket is ready for a call that would have blocked, and set its deadline.
  void wait_for(short event, Deadline& deadline) const;

  std::atomic<std::size_t> handles = 0;
  const std::shared_ptr<Reception> reception;
  const Address peer;

  // Of the flow that uses the connection.
  int descriptor;
  bool closed = false;
  std::uint64_t uses = 0;
  bool may_have_input = true;  // unless a read has come to the end of the socket's input
  std::size_t dropped = 0;
  std::string buffer;
  std::unique_ptr<Protocol> protocol;
  std::unique_ptr<Veil> veil;

  // Of the reception, under its lock.
  bool heard = false;      // its client has spoken while it was in use
  bool finishing = false;  // its client has shut down its side, or broken off
  std::uint64_t token = 0;
  WaitingList* list = nullptr;  // none while in use
  ConnectionState* previous = nullptr;
  ConnectionState* next = nullptr;
  Clock::time_point patience_ends;
};

}  // namespace flux::nodes::detail
