// One thread a flow. Where the system can't make another, the source waits and tries again.

#pragma once

#include <chrono>
#include <cstddef>
#include <flux/lock.hpp>
#include <functional>
#include <memory>

#include "runtime.hpp"
#include "threads.hpp"

namespace flux {

class ThreadPerFlow final : public Runtime {
 public:
  // How threads are made, and how the source waits.
  struct System {
    std::function<int(void* (*)(void*), void*)> start = start_thread;
    std::function<void(std::chrono::milliseconds)> wait;
  };

  ThreadPerFlow(Carry carry, std::function<void()> on_idle);
  ThreadPerFlow(Carry carry, std::function<void()> on_idle, System system);

  void start() override {}
  void submit(std::unique_ptr<Task> task) override;
  void close() override;
  void cut() override {}
  Ends ends() const override { return tally_.ends(); }

 private:
  class Running;

  static void* run(void* argument);
  bool enter();
  void leave();

  Carry carry_;
  std::function<void()> on_idle_;
  System system_;
  Tally tally_{};
  ShortLock guard_{};
  std::size_t live_ = 0;
  bool closed_ = false;
};

}  // namespace flux
