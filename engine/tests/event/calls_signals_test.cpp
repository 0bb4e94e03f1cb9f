#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/wait.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <thread>

#include "calls_support.hpp"

namespace flux::tests {

namespace {

std::atomic<int> handled{0};

// A handler of a signal, as long as this lives.
class Handler {
 public:
  Handler(int signal, int flags) : signal_{signal} {
    handled = 0;
    struct sigaction action {};
    action.sa_handler = [](int) { ++handled; };
    action.sa_flags = flags;
    ::sigaction(signal, &action, &before_);
  }
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;
  ~Handler() { ::sigaction(signal_, &before_, nullptr); }

 private:
  int signal_;
  struct sigaction before_ {};
};

// The only handlers of the program: the tests' framework has some, too.
struct OnlyHandler {
  explicit OnlyHandler(int flags) : own{SIGUSR2, flags} {}
  Handler interruption{SIGINT, SA_RESTART};
  Handler termination{SIGTERM, SA_RESTART};
  Handler own;
};

// Signals for the thread that made this, until it is destroyed. Not in one stream: ThreadSanitizer
// forgets to unblock signals when one comes as it handles another.
class Signals {
 public:
  Signals()
      : thread_{[this, target = ::pthread_self()] {
          while (!is_over_) {
            ::pthread_kill(target, SIGUSR2);
            std::this_thread::sleep_for(std::chrono::microseconds{200});
          }
        }} {}
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  ~Signals() {
    is_over_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> is_over_{false};
  std::thread thread_;
};

template <class Call>
void is_interrupted(Call call) {
  on_fiber([&] {
    const Signals signals;
    CHECK(call() == -1);
    CHECK(errno == EINTR);
  });
}

void are_interrupted_anyway() {
  const Ends ends = socket_ends();
  const Owned epoll{::epoll_create1(0)};
  pollfd polled{ends.here, POLLIN, 0};
  epoll_event event{};
  fd_set set;
  FD_ZERO(&set);
  FD_SET(ends.here, &set);
  const timespec long_time{.tv_sec = 1000, .tv_nsec = 0};
  is_interrupted([&] { return ::poll(&polled, 1, -1); });
  is_interrupted([&] { return ::ppoll(&polled, 1, nullptr, nullptr); });
  is_interrupted([&] { return ::select(ends.here + 1, &set, nullptr, nullptr, nullptr); });
  is_interrupted([&] { return ::epoll_wait(epoll, &event, 1, -1); });
  is_interrupted([&] { return ::nanosleep(&long_time, nullptr); });
}

}  // namespace

TEST_CASE("a signal interrupts a fiber's call if its handler doesn't say otherwise") {
  const OnlyHandler handler{0};
  const Ends ends = socket_ends();
  const Ends pipe = pipe_ends();
  const Owned listener = listening();
  char byte = 0;
  is_interrupted([&] { return ::recv(ends.here, &byte, 1, 0); });
  is_interrupted([&] { return ::read(pipe.here, &byte, 1); });
  is_interrupted([&] { return ::accept(listener, nullptr, nullptr); });
  fill(ends.there);
  is_interrupted([&] { return ::send(ends.there, &byte, 1, 0); });
  are_interrupted_anyway();
}

TEST_CASE("a signal interrupts a fiber's wait for a child") {
  const OnlyHandler handler{0};
  Ends ends = socket_ends();
  const pid_t child = ::fork();
  if (child == 0) {
    char byte = 0;
    ends.there.close_now();
    [[maybe_unused]] const ssize_t got = ::read(ends.here, &byte, 1);
    ::_exit(0);
  }
  is_interrupted([&] { return ::waitpid(child, nullptr, 0); });
  ends.there.close_now();
  CHECK(::waitpid(child, nullptr, 0) == child);
}

TEST_CASE("a signal whose handler says so lets a fiber's call begin anew") {
  const OnlyHandler handler{SA_RESTART};
  const Ends ends = socket_ends();
  on_fiber([&] {
    const Signals signals;
    std::thread sender{[&] {
      while (handled < 20) {
        std::this_thread::yield();
      }
      ::send(ends.there, "x", 1, 0);
    }};
    char byte = 0;
    CHECK(::recv(ends.here, &byte, 1, 0) == 1);
    sender.join();
  });
}

TEST_CASE("some calls never begin anew after a signal") {
  const OnlyHandler handler{SA_RESTART};
  are_interrupted_anyway();
}

TEST_CASE("a call with a time-out doesn't begin anew after a signal") {
  const OnlyHandler handler{SA_RESTART};
  const Ends ends = socket_ends();
  const timeval time{.tv_sec = 1000, .tv_usec = 0};
  REQUIRE(::setsockopt(ends.here, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time) == 0);
  char byte = 0;
  is_interrupted([&] { return ::recv(ends.here, &byte, 1, 0); });
}

TEST_CASE("a call with a mask lets in signals that its thread keeps out") {
  const OnlyHandler handler{0};
  sigset_t usual;
  sigset_t kept_out;
  sigset_t none;
  ::sigemptyset(&none);
  ::sigemptyset(&kept_out);
  ::sigaddset(&kept_out, SIGUSR2);
  ::pthread_sigmask(SIG_BLOCK, &kept_out, &usual);
  const Ends ends = socket_ends();
  const Owned epoll{::epoll_create1(0)};
  pollfd polled{ends.here, POLLIN, 0};
  epoll_event event{};
  const auto wait_all = [&] {
    CHECK(::ppoll(&polled, 1, nullptr, &none) == -1);
    CHECK(errno == EINTR);
    CHECK(::pselect(0, nullptr, nullptr, nullptr, nullptr, &none) == -1);
    CHECK(errno == EINTR);
    CHECK(::epoll_pwait(epoll, &event, 1, -1, &none) == -1);
    CHECK(errno == EINTR);
  };
  bool is_over = false;
  run_fibers({[&] {
                wait_all();
                is_over = true;
              },
              [&] {
                for (int before = -1; !is_over; ::sched_yield()) {
                  sigset_t now;
                  ::pthread_sigmask(SIG_BLOCK, nullptr, &now);
                  CHECK(::sigismember(&now, SIGUSR2) == 1);
                  if (handled != before) {
                    before = handled;
                    ::pthread_kill(::pthread_self(), SIGUSR2);
                  }
                }
              }});
  CHECK(handled == 3);
  const timespec at_once{};
  while (::sigtimedwait(&kept_out, nullptr, &at_once) == SIGUSR2) {
  }
  ::pthread_sigmask(SIG_SETMASK, &usual, nullptr);
}

}  // namespace flux::tests
