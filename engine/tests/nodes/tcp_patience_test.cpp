#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <system_error>

#include "asleep.hpp"
#include "client.hpp"
#include "flux/nodes/tcp.hpp"

using namespace flux::nodes;
using namespace flux::nodes::testing;
using namespace std::chrono_literals;

namespace {

// Two clients who have said hello, and their connections, of which one may wait.
struct Two {
  Two() {
    listener.max_waiting = 1;
    listener.open();
    first.emplace(listener, "hello");
    older = next(listener);
    CHECK(receive(older) == "hello");
    second.emplace(listener, "hello");
    younger = next(listener);
    CHECK(receive(younger) == "hello");
  }

  Listener listener;
  std::optional<Client> first, second;
  Connection older, younger;
};

template <class Call>
bool gives_up(Call call) {
  try {
    call();
  } catch (const std::system_error& error) {
    return error.code() == std::errc::timed_out;
  }
  return false;
}

}  // namespace

TEST_CASE("above the bound the receive that has waited longest is too slow, and may be told so") {
  Two two;
  bool is_given_up = false;
  std::string received;
  Sleeper longest([&] { is_given_up = gives_up([&] { receive(two.older); }); });
  longest.wait_until_asleep();
  Sleeper youngest([&] { received = receive(two.younger); });
  longest.join();
  CHECK(is_given_up);
  two.second->say("more");
  youngest.join();
  CHECK(received == "more");
  two.older.send("too slow");
  two.older.close();
  CHECK(two.first->hear_all() == "too slow");
}

TEST_CASE("above the bound the send that has waited longest is too slow") {
  Two two;
  bool is_given_up = false;
  std::string received;
  const std::string much(50'000'000, 'x');
  Sleeper longest([&] { is_given_up = gives_up([&] { two.older.send(much); }); });
  longest.wait_until_asleep();
  Sleeper youngest([&] { received = receive(two.younger); });
  longest.join();
  CHECK(is_given_up);
  two.second->say("more");
  youngest.join();
  CHECK(received == "more");
}

TEST_CASE("who waits alone waits as long as without a bound") {
  Two two;
  CHECK(gives_up([&] { receive(two.older, 1, Clock::now() + 10ms); }));
  std::string received;
  Sleeper flow([&] { received = receive(two.older); });
  flow.wait_until_asleep();
  two.first->say("more");
  flow.join();
  CHECK(received == "more");
}
