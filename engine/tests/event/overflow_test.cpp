#include "event/overflow.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <flux/server.hpp>
#include <string>

#include "../programs.hpp"
#include "caught_stderr.hpp"

using flux::Server;
using flux::tests::act;
using flux::tests::CaughtStderr;
using flux::tests::program;
using flux::tests::up_to;

namespace {

// A process that acts out another test case of this program: how it ended, what it wrote.
struct Child {
  explicit Child(const std::string& test) {
    const CaughtStderr caught;
    std::string self = "/proc/self/exe";
    std::string skipped = "--no-skip";
    std::string only = "--test-case=" + test;
    std::array<char*, 4> arguments{self.data(), skipped.data(), only.data(), nullptr};
    pid_t child = 0;
    REQUIRE(posix_spawn(&child, self.c_str(), nullptr, nullptr, arguments.data(), environ) == 0);
    REQUIRE(waitpid(child, &status, 0) == child);
    told = caught.text();
  }

  int status = 0;
  std::string told{};
};

// Serve one flow with the node that breaks.
void serve(int (*node)(int)) {
  constexpr rlimit no_cores{};
  setrlimit(RLIMIT_CORE, &no_cores);
  act({.listen = up_to(1), .work = node});
  Server server{program(), {.runtime = flux::RuntimeKind::event, .stack = 64}};
  server.run();
}

// Each call needs the one below, and some room that the compiler can't do without.
[[gnu::noinline]] int descend(int depth) {
  std::array<volatile char, 512> room;
  room[0] = static_cast<char>(depth);
  return depth == 0 ? 0 : descend(depth - 1) + room[0];
}

int recurse(int) { return descend(1'000'000); }

int touch_nothing(int) {
  void* const place = mmap(nullptr, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return *static_cast<volatile char*>(place);
}

}  // namespace

TEST_CASE("(a flow whose stack overflows)" * doctest::skip()) { serve(recurse); }

TEST_CASE("(a flow that touches what isn't there)" * doctest::skip()) {
  signal(SIGSEGV, [](int) { _exit(42); });
  serve(touch_nothing);
}

TEST_CASE("a stack that overflows is told with its flow and node, and the process dies of it") {
  const Child child{"(a flow whose stack overflows)"};
  CHECK(WIFSIGNALED(child.status));
  CHECK(WTERMSIG(child.status) == SIGSEGV);
  CHECK(child.told.find("flux: the stack of a flow has overflowed in Work of Listen => Work: "
                        "64 KiB were too few; start with a larger --stack\n") != std::string::npos);
}

TEST_CASE("other faults are what they were before") {
  const Child child{"(a flow that touches what isn't there)"};
  CHECK(WIFEXITED(child.status));
  CHECK(WEXITSTATUS(child.status) == 42);
  CHECK(child.told.find("overflowed") == std::string::npos);
}
