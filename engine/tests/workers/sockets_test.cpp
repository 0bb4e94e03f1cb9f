#include "workers/sockets.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <system_error>

#include "flux/nodes/address.hpp"

using flux::nodes::Address;
using flux::nodes::detail::Descriptor;
using flux::workers::Lent;
using flux::workers::Message;
using flux::workers::Sockets;

namespace {

Message wish(int port = 0, int type = SOCK_STREAM) {
  return {Message::Kind::open, type, 8, Address{"127.0.0.1", port}};
}

// A copy, as a worker has it.
Descriptor lend(Sockets& sockets, int worker, const Message& asked) {
  const Lent lent = sockets.lend(worker, asked);
  return Descriptor{dup(lent.descriptor)};
}

int port_of(const Descriptor& socket) { return Address::of(socket.get()).port(); }

Descriptor client_of(const Descriptor& server, int& error) {
  const Address address = Address::of(server.get());
  Descriptor client{socket(AF_INET, SOCK_STREAM, 0)};
  error = connect(client.get(), address.data(), address.size()) == 0 ? 0 : errno;
  return client;
}

}  // namespace

TEST_CASE("all workers get the same port where any will do") {
  for (const int type : {SOCK_STREAM, SOCK_DGRAM}) {
    Sockets sockets;
    const int first = port_of(lend(sockets, 0, wish(0, type)));
    CHECK(first != 0);
    CHECK(port_of(lend(sockets, 1, wish(0, type))) == first);
  }
}

TEST_CASE("several free ports of workers are told apart by their order") {
  Sockets sockets;
  const int first = port_of(lend(sockets, 0, wish()));
  const int second = port_of(lend(sockets, 0, wish()));
  CHECK(first != second);
  CHECK(port_of(lend(sockets, 1, wish())) == first);
  CHECK(port_of(lend(sockets, 1, wish())) == second);
}

TEST_CASE("a client that waits is there for the worker that comes next") {
  Sockets sockets;
  int error = 0;
  Descriptor client;
  {
    const Descriptor own = lend(sockets, 0, wish());
    client = client_of(own, error);
  }
  sockets.begin(0);
  const Descriptor again = lend(sockets, 0, wish());
  CHECK(error == 0);
  CHECK(Descriptor{accept(again.get(), nullptr, nullptr)});
}

TEST_CASE("what the parent lets go of is the worker's alone") {
  Sockets sockets;
  Descriptor own = lend(sockets, 0, wish());
  const Address address = Address::of(own.get());
  sockets.close();
  own.reset();
  const Descriptor client{socket(AF_INET, SOCK_STREAM, 0)};
  CHECK(connect(client.get(), address.data(), address.size()) == -1);
  CHECK(errno == ECONNREFUSED);
}

TEST_CASE("an address that another server would share is refused to workers") {
  Sockets others;
  Sockets sockets;
  const Descriptor taken = lend(others, 0, wish());
  CHECK_THROWS_AS(lend(sockets, 0, wish(port_of(taken))), std::system_error);
}

TEST_CASE("the loops of a worker get a socket each") {
  Sockets sockets;
  const Descriptor first = lend(sockets, 0, wish());
  const Descriptor second = lend(sockets, 0, wish(port_of(first)));
  int error = 0;
  const Descriptor client = client_of(first, error);
  const bool has_first = static_cast<bool>(Descriptor{accept(first.get(), nullptr, nullptr)});
  const bool has_second = static_cast<bool>(Descriptor{accept(second.get(), nullptr, nullptr)});
  CHECK(error == 0);
  CHECK(has_first != has_second);
}
