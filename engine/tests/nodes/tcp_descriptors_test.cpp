// What a listener does when the process runs out of descriptors.

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <iterator>

#include "../../src/nodes/tcp_entrance.hpp"
#include "../event/fibers.hpp"
#include "client.hpp"
#include "flux/nodes/tcp.hpp"

using namespace flux::nodes;
using namespace flux::nodes::testing;

namespace {

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

auto descriptors_in_use() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

}  // namespace

TEST_CASE("without descriptors new clients are closed and others served") {
  Listener listener;
  listener.open();
  const Address address(listener.host, listener.port);  // a child is to start no threads
  const auto serve = [&] { return serves_without_descriptors(listener, address); };
  SUBCASE("on a thread") { CHECK(holds_in_a_child(serve)); }
  SUBCASE("on a fiber") {
    CHECK(holds_in_a_child([&] {
      bool serves = false;
      flux::tests::run_fibers({[&] { serves = serve(); }});
      return serves;
    }));
  }
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
