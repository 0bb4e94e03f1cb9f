// What a listener does when the process runs out of descriptors.

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <functional>
#include <iterator>
#include <thread>
#include <vector>

#include "../../src/nodes/tcp_entrance.hpp"
#include "../event/fibers.hpp"
#include "client.hpp"
#include "flux/nodes/tcp.hpp"

using namespace flux::nodes;
using namespace flux::nodes::testing;

namespace {

// UBSan needs descriptors itself where it meets a virtual function for the first time. It comes
// with ASan in our builds; TSan's have the test.
#ifdef __SANITIZE_ADDRESS__
constexpr bool checks_memory_by_a_pipe = true;
#else
constexpr bool checks_memory_by_a_pipe = false;
#endif

// Whether something is true in a process of its own, whose limits may be spoilt.
template <class Check>
bool holds_in_a_child(Check check) {
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      ::_exit(check() ? 0 : 1);
    } catch (...) {
      ::_exit(2);
    }
  }
  int status = -1;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// From now on the process can have so many more descriptors.
void allow_descriptors(rlim_t more) {
  rlimit limits{};
  ::getrlimit(RLIMIT_NOFILE, &limits);
  limits.rlim_cur = limits.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limits);
  const int lowest_free = ::dup(0);
  ::close(lowest_free);
  limits.rlim_cur = static_cast<rlim_t>(lowest_free) + more;
  ::setrlimit(RLIMIT_NOFILE, &limits);
}

// Whether one client is served while others can't come in, and after that, when nobody else comes.
bool serves_without_descriptors(Listener& listener, const Address& address) {
  const Client client(address);
  client.say("first");
  const Connection connection = next(listener);
  receive(connection);
  const Client refused(address), also_refused(address);
  allow_descriptors(0);
  for (const char* word : {"second", "third"}) {
    listener.keep(connection);
    client.say(word);
    if (receive(next(listener)) != word) return false;
  }
  return listener.open_count() == 1 && refused.sees_the_end() && also_refused.sees_the_end();
}

// At its end the process can have as many descriptors as before.
class FileLimits {
 public:
  FileLimits() { ::getrlimit(RLIMIT_NOFILE, &before_); }
  ~FileLimits() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  FileLimits(const FileLimits&) = delete;
  FileLimits& operator=(const FileLimits&) = delete;

  // From now on it can have no more, not even in the place of one that it closes.
  void forbid_more() const {
    const rlimit those_of_streams{3, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &those_of_streams);
  }

 private:
  rlimit before_{};
};

bool answers(Listener& listener, const Client& client, const char* word) {
  client.say(word);
  const Connection connection = next(listener);
  const bool is_right = receive(connection) == word;
  listener.keep(connection);
  return is_right;
}

// Whether who is in is served while nobody can be accepted, and who waits outside when he can be.
bool serves_behind_a_closed_door(Listener& listener, const Address& address) {
  const Client client(address);
  if (!answers(listener, client, "first")) return false;
  const Client outside(address);
  {
    const FileLimits limits;
    limits.forbid_more();
    for (const char* word : {"second", "third", "fourth"}) {
      if (!answers(listener, client, word)) return false;
    }
  }
  return answers(listener, outside, "fifth");
}

// What becomes of those who stand at a door.
struct Fates {
  int accepted = 0;
  int errors = 0;
};

Fates accept_all(detail::Entrance& entrance) {
  Fates fates;
  for (bool is_last = false; !is_last;) {
    const detail::Arrival arrival = entrance.accept();
    fates.accepted += arrival.socket ? 1 : 0;
    fates.errors += arrival.error != 0 ? 1 : 0;
    is_last = arrival.is_last || arrival.error != 0;
  }
  return fates;
}

auto descriptors_in_use() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

void holds_on_a_thread_and_on_a_fiber(const std::function<bool()>& holds) {
  SUBCASE("on a thread") { CHECK(holds_in_a_child(holds)); }
  SUBCASE("on a fiber") {
    CHECK(holds_in_a_child([&] {
      bool held = false;
      flux::tests::run_fibers({[&] { held = holds(); }});
      return held;
    }));
  }
}

}  // namespace

TEST_CASE("without descriptors new clients are closed and others served") {
  Listener listener;
  listener.open();
  const Address address(listener.host, listener.port);  // a child is to start no threads
  const auto serve = [&] { return serves_without_descriptors(listener, address); };
  holds_on_a_thread_and_on_a_fiber(serve);
}

TEST_CASE("without descriptors nor a reserve accepting fails until there are some") {
  const Address anywhere("127.0.0.1", 0);
  CHECK(holds_in_a_child([&] {
    allow_descriptors(1);
    detail::Entrance entrance(anywhere, 1);
    allow_descriptors(1);
    const Client client(Address::of(entrance.descriptor()));
    const int error = entrance.accept().error;
    allow_descriptors(2);
    return error == EMFILE && entrance.accept().socket;
  }));
}

TEST_CASE("entrances beside each other don't take each other's reserve" *
          doctest::skip(checks_memory_by_a_pipe)) {
  constexpr int crowd = 300;
  detail::Entrance first(Address("127.0.0.1", 0), crowd, true);
  const Address address = Address::of(first.descriptor());
  detail::Entrance second(address, crowd, true);
  std::vector<Client> clients;
  for (int each = 0; each < crowd; ++each) clients.emplace_back(address);
  const FileLimits limits;
  allow_descriptors(0);
  Fates of_second;
  std::thread other([&] { of_second = accept_all(second); });
  const Fates of_first = accept_all(first);
  other.join();
  CHECK(of_first.accepted + of_second.accepted == 0);
  CHECK(of_first.errors + of_second.errors == 0);
  for (const Client& each : clients) CHECK(each.sees_the_end());
}

TEST_CASE("who is in is served although nobody can be accepted") {
  Listener listener;
  listener.open();
  const Address address(listener.host, listener.port);  // a child is to start no threads
  const auto serve = [&] { return serves_behind_a_closed_door(listener, address); };
  holds_on_a_thread_and_on_a_fiber(serve);
}

TEST_CASE("a closed listener holds no descriptor") {
  const auto before = descriptors_in_use();
  Listener listener;
  listener.open();
  {
    const Client client(listener, "hello");
    listener.keep(next(listener));
    listener.close();
  }
  CHECK(descriptors_in_use() == before);
}
