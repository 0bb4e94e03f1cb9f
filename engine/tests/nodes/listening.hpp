// Listeners for tests.

#pragma once

#include "client.hpp"
#include "flux/nodes/tcp.hpp"

namespace flux::nodes::testing {

struct Open : Listener {
  Open() { open(); }
};

// A server in miniature: answers what it reads and keeps the connection.
inline void echo(Listener& listener) {
  while (const Connection connection = next(listener)) {
    connection.send(receive(connection));
    listener.keep(connection);
  }
}

}  // namespace flux::nodes::testing
