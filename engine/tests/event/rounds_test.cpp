// Fibers and sources that never have to wait, beside others.

#include <sys/sendfile.h>

#include <array>
#include <chrono>
#include <flux/server.hpp>
#include <functional>
#include <string>
#include <thread>

#include "../nodes/client.hpp"
#include "../programs.hpp"
#include "calls_support.hpp"
#include "flux/nodes/tcp.hpp"

namespace flux::tests {

namespace {

using Deed = std::function<void()>;

// A fiber does something that needn't wait, again and again, until another has done its own.
void check_others_come_to(const Deed& own, const Deed& never_waits) {
  bool is_over = false;
  run_fibers({[&] {
                own();
                is_over = true;
              },
              [&] {
                while (!is_over) never_waits();
              }});
}

// The other one waits for the clock; then for the kernel's news.
void check_others_come(const Deed& never_waits) {
  check_others_come_to([] { ::usleep(1'000); }, never_waits);
  const Ends ends = pipe_ends();
  const std::jthread writer{[&] {
    ::usleep(1'000);
    CHECK(::write(ends.there, "x", 1) == 1);
  }};
  char byte = 0;
  check_others_come_to([&] { CHECK(::read(ends.here, &byte, 1) == 1); }, never_waits);
}

// A fiber does something for some milliseconds, though another one is ready to run.
void check_nobody_comes(const Deed& deed) {
  bool has_come = false;
  run_fibers({[&] {
                ::sched_yield();
                const auto end = event::Clock::now() + std::chrono::milliseconds{5};
                while (event::Clock::now() < end) deed();
                CHECK_FALSE(has_come);
              },
              [&] {
                ::sched_yield();
                has_come = true;
              }});
}

}  // namespace

TEST_CASE("a fiber that sends what is received at once lets others run") {
  const Ends ends = socket_ends();
  char byte = 0;
  check_others_come([&] {
    CHECK(::send(ends.there, "x", 1, 0) == 1);
    CHECK(::recv(ends.here, &byte, 1, MSG_DONTWAIT) == 1);
  });
  check_others_come([&] {
    CHECK(::send(ends.there, "x", 1, MSG_DONTWAIT) == 1);
    CHECK(::recv(ends.here, &byte, 1, 0) == 1);
  });
}

TEST_CASE("a fiber that reads and writes what is there lets others run") {
  const Ends ends = pipe_ends();
  char byte = 0;
  check_others_come([&] {
    CHECK(::write(ends.there, "x", 1) == 1);
    CHECK(::read(ends.here, &byte, 1) == 1);
  });
}

TEST_CASE("a fiber that reads a file out of memory, or writes one, lets others run") {
  const Owned file = file_of("text");
  std::array<char, 4> text{};
  check_others_come([&] { CHECK(::pread(file, text.data(), text.size(), 0) == 4); });
  set_nonblocking(file);
  check_others_come([&] { CHECK(::pread(file, text.data(), text.size(), 0) == 4); });
  set_nonblocking(file, false);
  check_others_come([&] {
    CHECK(::lseek(file, 0, SEEK_SET) == 0);
    CHECK(::write(file, text.data(), text.size()) == 4);
  });
}

TEST_CASE("a fiber that sends files which are received at once lets others run") {
  const Owned file = file_of("text");
  const Ends ends = socket_ends();
  std::array<char, 4> text{};
  check_others_come([&] {
    off_t place = 0;
    CHECK(::sendfile(ends.there, file, &place, text.size()) == 4);
    CHECK(::recv(ends.here, text.data(), text.size(), MSG_DONTWAIT) == 4);
  });
}

TEST_CASE("a fiber that finds somebody at each accept lets others run") {
  const Owned listener = listening();
  check_others_come([&] {
    const Owned client = connected_to(listener);
    CHECK(Owned{::accept(listener, nullptr, nullptr)} != -1);
  });
}

TEST_CASE("a connection that sends and receives without a wait lets others run") {
  nodes::Listener listener;
  listener.open();
  const nodes::Address address{listener.host, listener.port};
  const Owned client{::socket(address.family(), SOCK_STREAM, 0)};
  REQUIRE(::connect(client, address.data(), address.size()) == 0);
  REQUIRE(::send(client, "hello", 5, 0) == 5);
  const nodes::Connection connection = nodes::testing::next(listener);
  REQUIRE(nodes::testing::receive(connection) == "hello");
  std::array<char, 5> text{};
  check_others_come([&] {
    connection.send("hello");
    CHECK(::recv(client, text.data(), text.size(), MSG_DONTWAIT) == 5);
  });
  check_others_come([&] {
    CHECK(::send(client, "hello", 5, MSG_DONTWAIT) == 5);
    CHECK(nodes::testing::receive(connection) == "hello");
  });
}

TEST_CASE("a fiber lets others run in whichever of its calls may wait") {
  const Ends ends = socket_ends();
  set_nonblocking(ends.here);
  char byte = 0;
  check_others_come([&] {
    CHECK(::send(ends.there, "x", 1, 0) == 1);
    CHECK(::recv(ends.here, &byte, 1, 0) == 1);
  });
}

TEST_CASE("nobody else runs during calls that are told not to wait") {
  const Ends ends = socket_ends();
  char byte = 0;
  check_nobody_comes([&] { CHECK(::recv(ends.here, &byte, 1, MSG_DONTWAIT) == -1); });
  set_nonblocking(ends.here);
  check_nobody_comes([&] { CHECK(::recv(ends.here, &byte, 1, 0) == -1); });
  check_nobody_comes([&] { CHECK(::send(ends.there, "", 0, MSG_DONTWAIT) == 0); });
}

TEST_CASE("a source that never waits lets flows run that have waited") {
  bool is_over = false;
  int given = 0;
  act({.listen =
           [&](int* number) {
             *number = ++given;
             return is_over ? FLUX_END : 0;
           },
       .work =
           [&](int number) {
             if (number == 1) {
               ::usleep(1'000);
               is_over = true;
             }
             return 0;
           }});
  Server server{program(), {.runtime = RuntimeKind::event}};
  CHECK(server.run() == 0);
  CHECK(given > 4);
}

}  // namespace flux::tests
