#include <doctest/doctest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <flux/server.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "event.hpp"
#include "programs.hpp"

using flux::Counters;
using flux::Event;
using flux::Options;
using flux::RuntimeKind;
using flux::Server;
using flux::tests::act;
using flux::tests::program;
using flux::tests::up_to;

namespace {

constexpr RuntimeKind runtimes[]{RuntimeKind::thread, RuntimeKind::pool};

// Gives 1, then sleeps until the server stops, as a listener without clients does.
struct Asleep {
  Event stopping{};

  int operator()(int* number) {
    if (*number = 1; given++ == 0) {
      return 0;
    }
    stopping.wait();
    return FLUX_END;
  }

  int given = 0;
};

struct LastPath : flux::Observer {
  void flow_ended(const flux::Flow&, const flux::Source&, flux::Outcome,
                  std::optional<std::uint64_t> path) override {
    last = path;
  }

  std::optional<std::uint64_t> last{};
};

// The exit status of a process of its own, started with these signals blocked.
int status_when_stopped_twice(const sigset_t& blocked) {
  std::string self = "/proc/self/exe";
  std::string skipped = "--no-skip";
  std::string only = "--test-case=(a server that is stopped twice)";
  char* arguments[]{self.data(), skipped.data(), only.data(), nullptr};
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &blocked);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t child = 0;
  REQUIRE(posix_spawn(&child, self.c_str(), nullptr, &attributes, arguments, environ) == 0);
  posix_spawnattr_destroy(&attributes);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("a program whose sources have ended ends by itself") {
  for (const RuntimeKind runtime : runtimes) {
    act({.listen = up_to(1000)});
    Server server{program(), {.runtime = runtime}};
    CHECK(server.run() == 0);
    CHECK(server.counters().started == 1000);
    CHECK(server.counters().finished == 1000);
    CHECK_FALSE(server.drained());
    CHECK_FALSE(server.abandons());
  }
}

TEST_CASE("flows are counted by how they end") {
  act({.listen = up_to(10), .work = [](int number) { return number % 2; }});
  Server server{program()};
  CHECK(server.run() == 0);
  const Counters counters = server.counters();
  CHECK(counters.finished == 5);
  CHECK(counters.failed == 5);
  CHECK(counters.in_flight() == 0);
}

TEST_CASE("a failed turn starts no flow, and the source goes on") {
  act({.listen = [turn = 0](int* number) mutable {
    *number = ++turn;
    return turn > 3 ? FLUX_END : turn % 2;
  }});
  Server server{program()};
  CHECK(server.run() == 0);
  CHECK(server.counters().started == 1);
  CHECK(server.counters().dropped == 2);
}

TEST_CASE("the waits double while a turn's first node fails") {
  act({.listen = [turn = 0](int*) mutable { return ++turn > 6 ? FLUX_END : 5; }});
  const auto begun = std::chrono::steady_clock::now();
  Server server{program()};
  CHECK(server.run() == 0);
  CHECK(std::chrono::steady_clock::now() - begun >=
        std::chrono::milliseconds{1 + 2 + 4 + 8 + 16 + 32});
}

TEST_CASE("a signal stops the server, and flows in flight finish") {
  for (const RuntimeKind runtime : runtimes) {
    for (const int signal : {SIGTERM, SIGINT}) {
      Asleep asleep;
      act({.listen = [&](int* number) { return asleep(number); },
           .work =
               [&](int) {
                 raise(signal);  // ThreadSanitizer loses some of those from other threads
                 asleep.stopping.wait();
                 return 0;
               },
           .interrupt = [&] { asleep.stopping.set(); }});
      Server server{program(), {.runtime = runtime}};
      CHECK(server.run() == 0);
      CHECK(server.drained()->finished == 1);
      CHECK(server.drained()->cut == 0);
      CHECK_FALSE(server.abandons());
    }
  }
}

TEST_CASE("a source that can finish goes on until it ends, whoever waits for a stop") {
  for (const RuntimeKind runtime : runtimes) {
    Event stopping;
    std::atomic<Server*> running{nullptr};
    act({.listen =
             [&, next = 0](int* number) mutable {
               if (++next > 1) {
                 stopping.wait();
               }
               *number = next;
               return next < 4 ? 0 : FLUX_END;
             },
         .work =
             [&](int number) {
               number == 1 ? running.load()->stop() : void();
               return 0;
             },
         .finish = [&] { stopping.set(); }});
    Server server{program(), {.runtime = runtime}};
    running = &server;
    CHECK(server.run() == 0);
    CHECK(server.counters().finished == 3);
  }
}

TEST_CASE("flows that don't finish in time are cut, and the exit status tells") {
  for (const RuntimeKind runtime : runtimes) {
    Event go_on;
    Event gone;
    std::atomic<Server*> running{nullptr};
    act({.listen = up_to(1), .work = [&](int) {
           running.load()->stop();
           go_on.wait();
           gone.set();
           return 0;
         }});
    auto server = std::make_unique<Server>(program(), Options{.runtime = runtime, .drain = 0});
    running = server.get();
    CHECK(server->run() == 4);
    CHECK(server->drained()->cut == 1);
    CHECK(server->abandons());
    server.reset();
    go_on.set();
    gone.wait();
  }
}

TEST_CASE("a turn in progress is abandoned, and what it gives later is dropped") {
  Event stopped;
  Event go_on;
  Event gone;
  std::atomic<Server*> running{nullptr};
  act({.listen = [&, turn = 0](int* number) mutable {
    *number = ++turn;
    if (turn == 2) {
      running.load()->stop();
      go_on.wait();
      gone.set();
    }
    return 0;
  }});
  auto server = std::make_unique<Server>(program());
  running = server.get();
  CHECK(server->run() == 0);
  CHECK(server->counters().started == 1);
  CHECK(server->abandons());
  server.reset();
  go_on.set();
  gone.wait();
}

TEST_CASE("the program's hooks are called first and last, with its arguments") {
  std::string told;
  act({.listen = up_to(1),
       .work =
           [&](int) {
             told += " work";
             return 0;
           },
       .init =
           [&](int count, char** values) {
             told += "init " + std::to_string(count) + values[0] + values[1];
             return values[2] == nullptr ? 0 : 1;
           },
       .shutdown = [&] { told += " shutdown"; }});
  Server server{program(), {.arguments = {"a", "b"}}};
  CHECK(server.run() == 0);
  CHECK(told == "init 2ab work shutdown");
}

TEST_CASE("a program that doesn't want to start isn't started") {
  for (const bool throws : {false, true}) {
    act({.listen = up_to(1), .init = [throws](int, char**) {
           return throws ? throw std::runtime_error{"no port"} : 1;
         }});
    Server server{program()};
    CHECK(server.run() == 1);
    CHECK(server.counters().started == 0);
  }
}

TEST_CASE("a signal during the start lets no source begin") {
  act({.listen = up_to(1), .init = [](int, char**) {
         raise(SIGTERM);
         return 0;
       }});
  Server server{program()};
  CHECK(server.run() == 0);
  CHECK(server.counters().started == 0);
}

TEST_CASE("no more flows live than may") {
  for (const RuntimeKind runtime : runtimes) {
    std::atomic<int> inside{0};
    std::atomic<int> most{0};
    act({.listen = up_to(500), .work = [&](int) {
           const int now = ++inside;
           most = std::max(most.load(), now);
           --inside;
           return 0;
         }});
    Server server{program(), {.runtime = runtime, .max_flows = 1}};
    CHECK(server.run() == 0);
    CHECK(most == 1);
    CHECK(server.counters().finished == 500);
  }
}

TEST_CASE("an observer is told the path of each flow") {
  act({.listen = up_to(1), .work = [](int) { return 5; }});
  LastPath paths;
  flux::Program observed = program();
  Server server{observed, {.observer = &paths}};
  CHECK(server.run() == 0);
  REQUIRE(paths.last);
  CHECK(server.path_name(observed.sources.front(), *paths.last) == "Listen -> Work fails");
}

TEST_CASE("numbers out of their range are refused") {
  CHECK_THROWS_AS(Server(program(), {.threads = 0}), flux::BadUsage);
  CHECK_THROWS_AS(Server(program(), {.queue = 2'000'000}), flux::BadUsage);
  CHECK_THROWS_AS(Server(program(), {.drain = -1}), flux::BadUsage);
}

// The signals are sent again and again, because ThreadSanitizer loses some of those that come when
// a thread begins to wait.
TEST_CASE("(a server that is stopped twice)" * doctest::skip()) {
  act({.listen = up_to(1), .work = [](int) {
         for (int attempt = 0; attempt < 5000; ++attempt) {
           kill(getpid(), SIGTERM);
           kill(getpid(), SIGINT);
           std::this_thread::sleep_for(std::chrono::milliseconds{1});
         }
         return 0;
       }});
  Server server{program()};
  server.run();
}

TEST_CASE("a second signal ends the process at once") {
  sigset_t none;
  sigemptyset(&none);
  CHECK(status_when_stopped_twice(none) > 128);
}

TEST_CASE("signals are heard although the parent blocks them") {
  sigset_t all;
  sigfillset(&all);
  CHECK(status_when_stopped_twice(all) > 128);
}
