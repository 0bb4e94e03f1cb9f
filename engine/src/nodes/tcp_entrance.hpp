// The listening socket: clients that come in, and those that can't.
//
// A descriptor is kept in reserve for the moment when the process has no more. Without it, a client
// that can't be accepted would keep the socket ready for ever, and itself wait; with it, it is
// accepted and closed at once. Each entrance has its own, and other entrances don't accept while it
// is given up: they would take its number. Other threads may take it, by opening a file; then
// nobody can be accepted until there are descriptors again.

#pragma once

#include "flux/nodes/address.hpp"
#include "flux/nodes/descriptor.hpp"

namespace flux::nodes::detail {

// A client, or none, and an errno if that is the system's fault.
struct Arrival {
  Descriptor socket;
  Address peer;
  int error = 0;
  bool is_last = false;  // nobody is at the door
};

class Entrance {
 public:
  // Listen at an address; `shared`: beside other sockets of this process.
  Entrance(const Address& address, int backlog, bool shared = false);

  int descriptor() const noexcept { return server_.get(); }

  // The next client at the door, if one is there; its socket doesn't block.
  Arrival accept() noexcept;

  void close() noexcept;

 private:
  Arrival try_to_accept() noexcept;
  bool turn_away() noexcept;
  void refill() noexcept;

  bool shared_;
  Descriptor server_;
  Descriptor reserve_;
};

}  // namespace flux::nodes::detail
