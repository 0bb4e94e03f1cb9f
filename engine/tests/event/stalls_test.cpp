#include <doctest/doctest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <flux/server.hpp>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "../latch.hpp"
#include "../programs.hpp"
#include "busy.hpp"
#include "caught_stderr.hpp"
#include "event/watch.hpp"

using flux::Options;
using flux::Server;
using flux::event::Allowance;
using flux::event::Time;
using flux::tests::act;
using flux::tests::busy_until;
using flux::tests::CaughtStderr;
using flux::tests::eventually;
using flux::tests::program;
using flux::tests::up_to;

namespace {

const std::string told = "flux: loop 0 has been busy for ";

Options with_stalls_of(std::size_t milliseconds) {
  return {.runtime = flux::RuntimeKind::event, .stall = milliseconds};
}

std::string first_line(const std::filesystem::path& file) {
  std::ifstream opened{file};
  std::string line;
  std::getline(opened, line);
  return line;
}

// Whether the watch of this process waits to be woken, and for nothing else: for a futex, without
// a timeout.
[[maybe_unused]] bool watch_rests() {
  for (const auto& each : std::filesystem::directory_iterator{"/proc/self/task"}) {
    if (first_line(each.path() / "comm") == "flux watch") {
      std::istringstream call{first_line(each.path() / "syscall")};
      std::string number, word, operation, value, timeout;
      call >> number >> word >> operation >> value >> timeout;
      return number == std::to_string(SYS_futex) && timeout == "0x0";
    }
  }
  return false;
}

}  // namespace

TEST_CASE("a node that keeps its loop busy is told once, with its flow") {
  const CaughtStderr caught;
  act({.listen = up_to(2), .work = [&](int number) {
         const auto count = static_cast<std::size_t>(number);
         CHECK(busy_until([&] { return caught.count(told) == count; }));
         return 0;
       }});
  Server server{program(), with_stalls_of(20)};
  CHECK(server.run() == 0);
  CHECK(caught.count(" ms in Work of Listen => Work; let another thread do it with "
                     "`// flux: blocking=Work` in its file, or what takes long with flux::aside") ==
        2);
  CHECK(caught.count(told) == 2);
}

TEST_CASE("a turn that keeps its loop busy is told with its node and its source") {
  const CaughtStderr caught;
  act({.listen =
           [&](int*) {
             CHECK(busy_until([&] { return caught.has(told); }));
             return FLUX_END;
           },
       .work = [](int) { return 0; }});
  Server server{program(), with_stalls_of(20)};
  CHECK(server.run() == 0);
  CHECK(caught.has(" ms in Listen of source Listen => Work; "));
}

#ifndef __SANITIZE_THREAD__  // which keeps signals back while a thread makes no calls

TEST_CASE("the watch rests while its loops do, and wakes when one is busy") {
  const CaughtStderr caught;
  std::array<int, 2> pipes{};
  REQUIRE(pipe(pipes.data()) == 0);
  act({.listen = up_to(1), .work = [&](int) {
         char byte = 0;
         CHECK(read(pipes[0], &byte, 1) == 1);
         CHECK(busy_until([&] { return caught.has(told); }));
         return 0;
       }});
  Server server{program(), with_stalls_of(20)};
  const std::jthread beside{[&] {
    CHECK(eventually([&] { return server.counters().started == 1; }));
    CHECK(eventually(watch_rests));
    CHECK(write(pipes[1], "a", 1) == 1);
  }};
  CHECK(server.run() == 0);
  close(pipes[0]);
  close(pipes[1]);
}

#endif

TEST_CASE("five stalls are told at once, and then one a second") {
  Allowance allowance;
  Time now = Time{} + std::chrono::hours{1};
  int count = 0;
  while (allowance.take(now)) {
    ++count;
  }
  CHECK(count == 5);
  CHECK_FALSE(allowance.take(now += std::chrono::milliseconds{900}));
  CHECK(allowance.take(now += std::chrono::milliseconds{200}));
  CHECK_FALSE(allowance.take(now));
}
