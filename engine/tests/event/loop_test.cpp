#include "event/loop.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cfenv>
#include <chrono>
#include <flux/local.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "fibers.hpp"

using flux::event::Fiber;
using flux::event::Loop;
using flux::event::wait_for;
using flux::event::Woken;
using flux::tests::run_fibers;

namespace {

void yield() { Loop::current()->yield(); }

using Sockets = std::array<int, 2>;

Sockets socket_pair() {
  Sockets sockets{};
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets.data()) == 0);
  return sockets;
}

}  // namespace

TEST_CASE("fibers take turns where they give way") {
  std::string told;
  run_fibers({[&] {
                told += 'a';
                yield();
                told += 'c';
              },
              [&] {
                told += 'b';
                yield();
                told += 'd';
              }});
  CHECK(told == "abcd");
}

TEST_CASE("a new fiber runs before the one that has made it, which is next") {
  std::string told;
  run_fibers({[&] {
                Loop::current()->spawn([](void* text) { *static_cast<std::string*>(text) += 'a'; },
                                       &told);
                told += 'b';
              },
              [&] { told += 'c'; }});
  CHECK(told == "abc");
}

TEST_CASE("a fiber that is added waits for its turn") {
  std::string told;
  run_fibers({[&] {
                Loop::current()->add([](void* text) { *static_cast<std::string*>(text) += 'c'; },
                                     &told);
                told += 'a';
              },
              [&] { told += 'b'; }});
  CHECK(told == "abc");
}

TEST_CASE("what goes with a fiber is told whenever the fiber begins to run, and stops") {
  class Told final : public flux::event::Companion {
   public:
    void arrive() noexcept override { text += '('; }
    void leave() noexcept override { text += ')'; }
    std::string text{};
  };
  Told told;
  run_fibers({[&] {
                Loop::fiber()->companion = &told;
                told.text += 'a';
                yield();
                told.text += 'c';
              },
              [&] { told.text += 'b'; }});
  CHECK(told.text == "a)b(c)");
}

TEST_CASE("a fiber keeps its errno, its rounding mode, and the exceptions that it is catching") {
  run_fibers({[] {
                errno = 1;
                std::fesetround(FE_UPWARD);
                try {
                  throw std::runtime_error{"first"};
                } catch (...) {
                  yield();
                  CHECK(errno == 1);
                  CHECK(std::fegetround() == FE_UPWARD);
                  CHECK_THROWS_WITH(throw, "first");
                }
              },
              [] {
                CHECK(std::fegetround() == FE_TONEAREST);
                errno = 2;
                CHECK(std::uncaught_exceptions() == 0);
                try {
                  throw std::runtime_error{"second"};
                } catch (...) {
                  yield();
                  CHECK(errno == 2);
                  CHECK_THROWS_WITH(throw, "second");
                }
              }});
}

TEST_CASE("each flow has its own value of a local variable, destroyed with it") {
  static int alive = 0;
  struct Counted {
    Counted() { ++alive; }
    ~Counted() { --alive; }
    int number = 0;
  };
  static flux::Local<Counted> local;
  run_fibers({[] {
                local->number = 1;
                yield();
                CHECK(local->number == 1);
                CHECK(alive == 2);
              },
              [] {
                CHECK(local->number == 0);
                local->number = 2;
                yield();
                CHECK(local->number == 2);
              }});
  CHECK(alive == 0);
  CHECK(local->number == 0);  // of this thread
}

TEST_CASE("a wake-up that comes before a fiber parks isn't lost, and is taken once") {
  run_fibers({[] {
    Fiber& self = *Loop::fiber();
    self.unpark();
    self.park();
    CHECK_FALSE(self.park_until(flux::event::Clock::now()));
  }});
}

TEST_CASE("another thread wakes a fiber of a loop that sleeps") {
  std::thread other;
  run_fibers({[&] {
    Fiber& self = *Loop::fiber();
    other = std::thread{[&self] { self.unpark(); }};
    self.park();
  }});
  other.join();
}

// Emulators and the like get through a few thousand times.
TEST_CASE("threads and loops wake each other a hundred thousand times, if there is time") {
  constexpr int most = 100'000;
  const auto end = flux::event::Clock::now() + std::chrono::seconds{5};
  std::atomic<int> rung{0};
  std::atomic<bool> is_over{false};
  int times = 0;
  std::thread other;
  run_fibers({[&] {
    Fiber& self = *Loop::fiber();
    other = std::thread{[&] {
      while (times < most && flux::event::Clock::now() < end) {
        ++times;
        self.unpark();
        while (rung.load() != times) {
          std::this_thread::yield();
        }
      }
      is_over = true;
      self.unpark();
    }};
    for (self.park(); !is_over; self.park()) {
      ++rung;
    }
  }});
  other.join();
  CHECK(rung == times);
}

TEST_CASE("a fiber waits for a descriptor until it is ready") {
  const Sockets sockets = socket_pair();
  std::string told;
  run_fibers({[&] {
                CHECK(wait_for(sockets[0], EPOLLIN, {}, "a test") == Woken::ready);
                told += 'b';
              },
              [&] {
                told += 'a';
                CHECK(write(sockets[1], "x", 1) == 1);
              }});
  CHECK(told == "ab");
  close(sockets[0]);
  close(sockets[1]);
}

TEST_CASE("all who wait for a descriptor are woken, each for what he waits for") {
  const Sockets sockets = socket_pair();
  int woken = 0;
  const auto reader = [&] {
    CHECK(wait_for(sockets[0], EPOLLIN, {}, "a test") == Woken::ready);
    ++woken;
  };
  run_fibers({reader, reader,
              [&] { CHECK(wait_for(sockets[0], EPOLLOUT, {}, "a test") == Woken::ready); },
              [&] {
                CHECK(woken == 0);
                CHECK(write(sockets[1], "x", 1) == 1);
              }});
  CHECK(woken == 2);
  close(sockets[0]);
  close(sockets[1]);
}

TEST_CASE("who waits for a descriptor that is closed is told, and its number is another's then") {
  const Sockets sockets = socket_pair();
  run_fibers({[&] { CHECK(wait_for(sockets[0], EPOLLIN, {}, "a test") == Woken::closed); },
              [&] {
                close(sockets[0]);
                const Sockets others = socket_pair();
                CHECK(others[0] == sockets[0]);
                CHECK(write(others[1], "x", 1) == 1);
                CHECK(wait_for(others[0], EPOLLIN, {}, "a test") == Woken::ready);
                close(others[0]);
                close(others[1]);
              }});
  close(sockets[1]);
}

TEST_CASE("a wait ends at its deadline") {
  const Sockets sockets = socket_pair();
  run_fibers({[&] {
    const auto deadline = flux::event::Clock::now() + std::chrono::milliseconds{5};
    CHECK(wait_for(sockets[0], EPOLLIN, deadline, "a test") == Woken::late);
    CHECK(flux::event::Clock::now() >= deadline);
  }});
  close(sockets[0]);
  close(sockets[1]);
}

TEST_CASE("a descriptor that is closed on one loop is closed for who waits on another") {
  const Sockets sockets = socket_pair();
  std::atomic<bool> waits{false};
  flux::tests::run_fibers_on_loops({{[&] {
                                      waits = true;
                                      CHECK(wait_for(sockets[0], EPOLLIN, {}, "a test") ==
                                            Woken::closed);
                                    }},
                                    {[&] {
                                      while (!waits) {
                                        yield();
                                      }
                                      usleep(1000);
                                      close(sockets[0]);
                                    }}});
  close(sockets[1]);
}

TEST_CASE("thousands of fibers live at once") {
#ifdef __SANITIZE_THREAD__
  constexpr int most = 5'000;  // it knows no more than some eight thousand threads
#else
  constexpr int most = 20'000;
#endif
  int count = 0;
  std::vector<std::function<void()>> bodies(most, [&] {
    ++count;
    while (count < most) {
      yield();
    }
  });
  run_fibers(std::move(bodies));
  CHECK(count == most);
}
