// The pool: a fixed number of workers that share a bounded queue.

#pragma once

#include <cstddef>
#include <deque>
#include <flux/lock.hpp>
#include <functional>
#include <memory>

#include "runtime.hpp"
#include "task_queue.hpp"

namespace flux {

class Pool final : public Runtime {
 public:
  Pool(Carry carry, std::function<void()> on_idle, std::size_t threads, std::size_t queue);

  void start() override;
  void submit(std::unique_ptr<Task> task) override { queue_.push(std::move(task)); }
  void close() override;
  void cut() override { queue_.clear(); }
  Ends ends() const override;

 private:
  struct Worker {
    explicit Worker(Pool& its_pool) noexcept : pool{its_pool} {}

    Pool& pool;
    Tally tally{};
  };

  class Shift;

  static void* run(void* argument);
  void join();
  void leave();

  Carry carry_;
  std::function<void()> on_idle_;
  TaskQueue queue_;
  std::deque<Worker> workers_{};
  ShortLock guard_{};
  std::size_t working_ = 1;  // the pool itself counts until it is closed
  bool closed_ = false;
};

}  // namespace flux
