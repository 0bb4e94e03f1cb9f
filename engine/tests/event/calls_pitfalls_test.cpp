#include <poll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <functional>
#include <stdexcept>
#include <vector>

#include "calls_support.hpp"

namespace flux::tests {

namespace {

// Let others run until something is so.
template <class Condition>
void await(Condition is_so) {
  while (!is_so()) {
    ::sched_yield();
  }
}

// What a child of `fork` does that a fiber makes, and the status with which it ends; other fibers
// are the parent's.
void check_child(const std::function<void()>& deed, int expected) {
  const Ends ends = pipe_ends();
  const auto fork_and_wait = [&] {
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (::getpid() != parent) return deed();
    int status = 0;
    CHECK(::waitpid(child, &status, 0) == child);
    CHECK(WEXITSTATUS(status) == expected);
  };
  const auto tell = [&] {
    ::usleep(1'000);
    CHECK(::write(ends.there, "x", 1) == 1);
  };
  run_fibers({fork_and_wait, tell, fork_and_wait});
  std::array<char, 8> bytes{};
  CHECK(::read(ends.here, bytes.data(), bytes.size()) == 1);
}

}  // namespace

TEST_CASE("a caller that has set O_NONBLOCK itself is told EAGAIN at once") {
  const Ends ends = socket_ends();
  char byte = 0;
  on_fiber([&] {
    int on = 1;
    CHECK(::ioctl(Owned{::dup(ends.here)}, FIONBIO, &on) == 0);
    CHECK(::recv(ends.here, &byte, 1, 0) == -1);
    CHECK(errno == EAGAIN);
    CHECK(::read(ends.here, &byte, 1) == -1);
    CHECK(errno == EAGAIN);
  });
}

TEST_CASE("several fibers that wait for one descriptor get one message each") {
  const Ends ends = socket_ends(SOCK_DGRAM);
  std::string all;
  const auto receive = [&] {
    char byte = '-';
    CHECK(::recv(ends.here, &byte, 1, 0) == 1);
    all += byte;
  };
  run_fibers({receive, receive, receive, [&] {
                for (const char each : {'a', 'b', 'c'}) {
                  const std::size_t before = all.size();
                  CHECK(::send(ends.there, &each, 1, 0) == 1);
                  await([&] { return all.size() > before; });
                }
              }});
  std::ranges::sort(all);
  CHECK(all == "abc");
}

TEST_CASE("one fiber reads from a socket while another writes to it") {
  const Ends ends = socket_ends();
  fill(ends.here);
  std::string all;
  run_fibers({[&] {
                char byte = 0;
                CHECK(::recv(ends.here, &byte, 1, 0) == 1);
                all += 'r';
              },
              [&] {
                CHECK(::send(ends.here, "x", 1, 0) == 1);
                all += 's';
              },
              [&] {
                CHECK(::send(ends.there, "x", 1, 0) == 1);
                await([&] { return all == "r"; });
                drain(ends.there);
              }});
  CHECK(all == "rs");
}

TEST_CASE("all fibers that wait for a descriptor hear that it was closed") {
  Ends ends = socket_ends();
  int told = 0;
  const int here = ends.here;
  const auto receive = [&] {
    char byte = 0;
    CHECK(::recv(here, &byte, 1, 0) == -1);
    told += errno == EBADF ? 1 : 0;
  };
  run_fibers({receive, receive, [&] { ends.here.close_now(); }});
  CHECK(told == 2);
}

TEST_CASE("a fiber hears that another thread has closed the descriptor it waits for") {
  Ends ends = socket_ends();
  std::thread closer;
  run_fibers({[&] {
                char byte = 0;
                CHECK(::recv(ends.here, &byte, 1, 0) == -1);
                CHECK(errno == EBADF);
              },
              [&] { closer = std::thread{[&] { ends.here.close_now(); }}; }});
  closer.join();
}

TEST_CASE("a number that is used again is another descriptor") {
  for (int each = 0; each < 20; ++each) {
    Ends ends = tcp_ends();
    bool has_first = false;
    overlap(
        [&] {
          char bytes[4];
          CHECK(::recv(ends.here, bytes, 4, 0) == 1);
          has_first = true;
          CHECK(::recv(ends.here, bytes, 4, 0) == 1);
          ends.here.close_now();
        },
        [&] {
          CHECK(::send(ends.there, "x", 1, 0) == 1);
          await([&] { return has_first; });
          CHECK(::send(ends.there, "x", 1, 0) == 1);
        });
  }
}

TEST_CASE("a duplicate is waited for after its original was closed") {
  Ends ends = socket_ends();
  const Owned other{::dup(ends.here)};
  run_fibers({[&] {
                char byte = 0;
                CHECK(::recv(ends.here, &byte, 1, 0) == -1);
                CHECK(errno == EBADF);
                CHECK(::recv(other, &byte, 1, 0) == 1);
              },
              [&] {
                ends.here.close_now();
                const Ends new_ones = pipe_ends();
                CHECK(::send(ends.there, "x", 1, 0) == 1);
              }});
}

TEST_CASE("a fiber can fork, run a program, and read what it says") {
  on_fiber([] {
    Ends ends = pipe_ends();
    const pid_t child = ::fork();
    if (child == 0) {
      ::dup2(ends.there, STDOUT_FILENO);
      ::execl("/bin/sh", "sh", "-c", "read line; echo said $line; exit 3", nullptr);
      ::_exit(127);
    }
    ends.there.close_now();
    std::array<char, 64> bytes{};
    CHECK(::read(ends.here, bytes.data(), bytes.size()) > 0);
    int status = 0;
    CHECK(::waitpid(child, &status, 0) == child);
    CHECK(WEXITSTATUS(status) == 3);
    CHECK(std::string{bytes.data()}.starts_with("said"));
  });
}

TEST_CASE("a child of fork that waits has its own fiber only") {
  check_child(
      [] {
        ::usleep(20'000);
        ::_exit(3);
      },
      3);
}

TEST_CASE("a child of fork ends with its fiber") {
  check_child([] {}, 0);
}

TEST_CASE("what is being caught is rethrown after other fibers have caught something else") {
  const Ends ends = pipe_ends();
  const auto rethrow = [&](const char* text) {
    try {
      try {
        throw std::runtime_error{text};
      } catch (...) {
        char byte = 0;
        CHECK(::read(ends.here, &byte, 1) == 1);
        throw;
      }
    } catch (const std::runtime_error& error) {
      CHECK(std::string{error.what()} == text);
    }
  };
  run_fibers({[&] { rethrow("first"); }, [&] { rethrow("second"); },
              [&] { CHECK(::write(ends.there, "xx", 2) == 2); }});
}

TEST_CASE("a fiber keeps its errno while it waits") {
  const Ends ends = socket_ends();
  const auto receive = [&](int own) {
    errno = own;
    char byte = 0;
    CHECK(::recv(ends.here, &byte, 1, 0) == 1);
    CHECK(errno == own);
  };
  run_fibers({[&] { receive(1001); }, [&] { receive(1002); },
              [&] {
                CHECK(::send(ends.there, "xx", 2, 0) == 2);
                errno = 1003;
              }});
}

TEST_CASE("a peer that closes right after sending is heard to the end") {
  for (const bool is_tcp : {true, false}) {
    Ends ends = is_tcp ? tcp_ends() : socket_ends();
    overlap(
        [&] {
          char bytes[8];
          CHECK(::recv(ends.here, bytes, sizeof bytes, 0) == 4);
          CHECK(::recv(ends.here, bytes, sizeof bytes, 0) == 0);
          CHECK(::recv(ends.here, bytes, sizeof bytes, 0) == 0);
        },
        [&] {
          CHECK(::send(ends.there, "last", 4, 0) == 4);
          ends.there.close_now();
        });
  }
}

TEST_CASE("a fiber that waits for urgent data gets it") {
  const Ends ends = tcp_ends();
  bool has_urgent = false;
  overlap(
      [&] {
        pollfd polled{ends.here, POLLPRI, 0};
        CHECK(::poll(&polled, 1, -1) == 1);
        char byte = 0;
        CHECK(::recv(ends.here, &byte, 1, MSG_OOB) == 1);
        CHECK(byte == '!');
        has_urgent = true;
        CHECK(::recv(ends.here, &byte, 1, 0) == 1);
        CHECK(byte == 'x');
      },
      [&] {
        CHECK(::send(ends.there, "!", 1, MSG_OOB) == 1);
        await([&] { return has_urgent; });
        CHECK(::send(ends.there, "x", 1, 0) == 1);
      });
}

TEST_CASE("datagrams that are queued are all received") {
  const Owned here = bound(SOCK_DGRAM);
  const Owned there = bound(SOCK_DGRAM);
  const sockaddr_in target = address_of(here);
  overlap(
      [&] {
        for (int each = 0; each < 100; ++each) {
          int number = -1;
          CHECK(::recvfrom(here, &number, sizeof number, 0, nullptr, nullptr) == sizeof number);
          CHECK(number == each);
        }
      },
      [&] {
        for (int each = 0; each < 100; ++each) {
          CHECK(::sendto(there, &each, sizeof each, 0, plain(target), sizeof target) ==
                sizeof each);
        }
      });
}

TEST_CASE("two fibers talk to each other over TCP") {
  const Ends ends = tcp_ends();
  const auto talk = [](int socket, bool begins) {
    char byte = 'x';
    for (int each = 0; each < 2000; ++each) {
      if (begins || each > 0) {
        CHECK(::send(socket, &byte, 1, 0) == 1);
      }
      CHECK(::recv(socket, &byte, 1, 0) == 1);
    }
    ::send(socket, &byte, 1, 0);
  };
  run_fibers({[&] { talk(ends.here, true); }, [&] { talk(ends.there, false); }});
}

}  // namespace flux::tests
