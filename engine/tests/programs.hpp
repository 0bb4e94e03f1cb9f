// A program for tests: `source Listen => Work;`, whose nodes do what a test says.

#pragma once

#include <flux/program.hpp>
#include <functional>
#include <memory>

namespace flux::tests {

// What the nodes of the running test do, and its hooks.
struct Script {
  std::function<int(int*)> listen{};
  std::function<int(int)> work = [](int) { return 0; };
  std::function<int(int, char**)> init{};
  std::function<void()> shutdown{};
  std::function<void()> finish{};
  std::function<void()> interrupt{};
};

// The script acted out from now on.
void act(Script script);

// Give 1, 2, ... up to a number, then end the source.
std::function<int(int*)> up_to(int last);

// The program, and a task of it whose flow works on a number.
Program program();
std::unique_ptr<Task> task(int number);

}  // namespace flux::tests
