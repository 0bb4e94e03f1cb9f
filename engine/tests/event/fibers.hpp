// Running tests' code on fibers, until all of it has ended.
//
//   run_fibers({[] { usleep(10); }, [] { ... }});           two fibers of one loop, on this thread
//   run_fibers_on_loops({{first, second}, {third}});        two loops, each on a thread of its own
//
// Bodies start in the order in which they are given, each when the one before it waits or ends.
// What a body throws, the call throws when all have ended.

#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "event/locks/locks.hpp"
#include "event/loop.hpp"

namespace flux::tests {

using Bodies = std::vector<std::function<void()>>;

// The fibers of one loop, whose last one stops it.
class Fibers {
 public:
  explicit Fibers(Bodies bodies, unsigned loop = 0) : loop_{loop, 256 * 1024} {
    event::link_locks();
    left_ = bodies.size();
    bodies_.reserve(bodies.size());
    for (auto& each : bodies) {
      bodies_.push_back({*this, std::move(each)});
    }
  }

  void run() {
    if (bodies_.empty()) {
      return;
    }
    for (Body& each : bodies_) {
      loop_.spawn(carry, &each);
    }
    loop_.run();
    bodies_.clear();
  }

  std::exception_ptr thrown() const noexcept { return thrown_; }

 private:
  struct Body {
    Fibers& fibers;
    std::function<void()> work;
  };

  static void carry(void* argument) {
    auto& [fibers, work] = *static_cast<Body*>(argument);
    try {
      work();
    } catch (...) {
      fibers.thrown_ = std::current_exception();
    }
    if (--fibers.left_ == 0) {
      fibers.loop_.stop();
    }
  }

  event::Loop loop_;
  std::vector<Body> bodies_{};
  std::size_t left_ = 0;
  std::exception_ptr thrown_{};
};

// Run each body as a fiber of one loop, on this thread, until all have ended. The loop lives on: a
// thread that has woken a fiber may not be done with the loop when the fiber has ended.
inline void run_fibers(Bodies bodies) {
  static thread_local std::unique_ptr<Fibers> fibers;
  fibers.reset();
  fibers = std::make_unique<Fibers>(std::move(bodies));
  fibers->run();
  if (fibers->thrown()) {
    std::rethrow_exception(fibers->thrown());
  }
}

// Run each group of bodies as the fibers of a loop of its own, until all have ended.
inline void run_fibers_on_loops(std::vector<Bodies> groups) {
  static thread_local std::vector<std::unique_ptr<Fibers>> loops;
  loops.clear();
  std::vector<std::thread> threads;
  for (auto& each : groups) {
    const auto number = static_cast<unsigned>(loops.size());
    loops.push_back(std::make_unique<Fibers>(std::move(each), number));
  }
  for (const auto& each : loops) {
    threads.emplace_back([&each] { each->run(); });
  }
  for (auto& each : threads) {
    each.join();
  }
  for (const auto& each : loops) {
    if (each->thrown()) {
      std::rethrow_exception(each->thrown());
    }
  }
}

}  // namespace flux::tests
