#include "event/stack.hpp"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

using flux::event::Stack;
using flux::event::Stacks;

namespace {

// How much of a stack is memory.
std::size_t resident_pages(const Stack& stack) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  std::vector<unsigned char> pages(stack.size / page);
  REQUIRE(mincore(stack.bottom, stack.size, pages.data()) == 0);
  std::size_t count = 0;
  for (const unsigned char each : pages) {
    count += each & 1U;
  }
  return count;
}

}  // namespace

TEST_CASE("a stack is as large as was asked for, in whole pages, and only what is used is memory") {
  Stacks stacks{100'000};
  const Stack stack = stacks.take();
  CHECK(stack.size >= 100'000);
  CHECK(stack.size % static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) == 0);
  CHECK(resident_pages(stack) == 0);
  stack.top()[-1] = 1;
  CHECK(resident_pages(stack) == 1);
  stacks.give_back(stack);
}

TEST_CASE("the stack that was given back last is taken first") {
  Stacks stacks;
  const Stack first = stacks.take();
  const Stack second = stacks.take();
  stacks.give_back(first);
  stacks.give_back(second);
  CHECK(stacks.take().bottom == second.bottom);
  CHECK(stacks.take().bottom == first.bottom);
  stacks.give_back(first);
  stacks.give_back(second);
}

TEST_CASE("stacks that nobody took for a while give their memory back, and can be taken again") {
  Stacks stacks;
  const Stack first = stacks.take();
  const Stack second = stacks.take();
  std::memset(first.bottom, 1, first.size);
  std::memset(second.bottom, 1, second.size);
  stacks.give_back(first);
  stacks.give_back(second);
  CHECK(stacks.trim());             // both were just in use
  stacks.give_back(stacks.take());  // the second is
  CHECK(stacks.trim());
  CHECK(resident_pages(first) == 0);
  CHECK(resident_pages(second) == second.size / static_cast<std::size_t>(sysconf(_SC_PAGESIZE)));
  CHECK_FALSE(stacks.trim());
  CHECK(resident_pages(second) == 0);
  const Stack again = stacks.take();
  std::memset(again.bottom, 2, again.size);
  stacks.give_back(again);
}

TEST_CASE("the page below a stack is its guard") {
  Stacks stacks;
  const Stack stack = stacks.take();
  CHECK(stack.overflows_at(stack.bottom - 1));
  CHECK_FALSE(stack.overflows_at(stack.bottom));
  CHECK_FALSE(stack.overflows_at(stack.top()));
  int pipes[2];
  REQUIRE(pipe(pipes) == 0);
  CHECK(write(pipes[1], stack.bottom - 1, 1) == -1);  // the kernel can't read it either
  CHECK(errno == EFAULT);
  close(pipes[0]);
  close(pipes[1]);
  stacks.give_back(stack);
}
