#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#include <atomic>
#include <flux/aside.hpp>
#include <flux/error.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "calls_support.hpp"

namespace flux::tests {

TEST_CASE("what a fiber runs aside runs on another thread, while other fibers run") {
  std::atomic<bool> may_end{false};
  const auto own = std::this_thread::get_id();
  std::thread::id helper;
  overlap(
      [&] {
        helper = aside([&] {
          while (!may_end) {
            std::this_thread::yield();
          }
          return std::this_thread::get_id();
        });
      },
      [&] { may_end = true; });
  CHECK(helper != own);
}

TEST_CASE("without a fiber nothing is run aside") {
  CHECK(aside([] { return std::this_thread::get_id(); }) == std::this_thread::get_id());
}

TEST_CASE("what is run aside gives values, references or nothing") {
  on_fiber([] {
    int number = 1;
    aside([&] { number = 2; });
    CHECK(number == 2);
    int& same = aside([&]() -> int& { return number; });
    CHECK(&same == &number);
    const auto owned = aside([] { return std::make_unique<int>(3); });
    CHECK(*owned == 3);
  });
}

TEST_CASE("an exception of what is run aside comes out at the caller") {
  const auto throws = [] { aside([] { throw std::runtime_error{"broken"}; }); };
  CHECK_THROWS_WITH_AS(throws(), "broken", std::runtime_error);
  CHECK_THROWS_WITH_AS(on_fiber(throws), "broken", std::runtime_error);
}

TEST_CASE("errno goes to what is run aside and back") {
  on_fiber([] {
    errno = 1001;
    const int before = aside([] { return std::exchange(errno, 1002); });
    CHECK(before == 1001);
    CHECK(errno == 1002);
  });
}

TEST_CASE("what is run aside sees the error that its handler handles") {
  on_fiber([] {
    const Handled handled{Error{.node = "Read", .code = 5}};
    CHECK(aside([] { return flux_current_error()->code; }) == 5);
  });
  on_fiber([] { CHECK(aside([] { return flux_current_error(); }) == nullptr); });
}

TEST_CASE("signals are not for helpers") {
  on_fiber([] {
    sigset_t blocked;
    aside([&] { ::pthread_sigmask(SIG_BLOCK, nullptr, &blocked); });
    CHECK(::sigismember(&blocked, SIGTERM) == 1);
    CHECK(::sigismember(&blocked, SIGUSR2) == 1);
  });
}

// A small pool would never come to an end.
TEST_CASE("what is run aside may wait for much else that is run aside") {
  constexpr int all = 200;
  std::atomic<int> there{0};
  std::vector<std::function<void()>> bodies(all, [&] {
    aside([&] {
      ++there;
      while (there < all) {
        std::this_thread::yield();
      }
    });
  });
  run_fibers(std::move(bodies));
  CHECK(there == all);
}

TEST_CASE("more can be run aside than there are helpers") {
  constexpr int all = 1500;
  std::atomic<bool> may_end{false};
  int ended = 0;
  std::vector<std::function<void()>> bodies(all, [&] {
    aside([&] {
      while (!may_end) {
        std::this_thread::yield();
      }
    });
    ++ended;
  });
  bodies.emplace_back([&] { may_end = true; });
  run_fibers(std::move(bodies));
  CHECK(ended == all);
}

// Its loop is the parent's, so it makes none of the calls that a fiber waits in.
TEST_CASE("a child that a fiber forks after something was run aside comes to its end") {
  on_fiber([] {
    aside([] {});
    const pid_t child = ::fork();
    if (child == 0) {
      ::_exit(5);
    }
    int status = 0;
    CHECK(::waitpid(child, &status, 0) == child);
    CHECK(WEXITSTATUS(status) == 5);
  });
}

}  // namespace flux::tests
