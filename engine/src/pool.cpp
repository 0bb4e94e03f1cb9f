#include "pool.hpp"

#include <mutex>
#include <system_error>
#include <utility>

#include "threads.hpp"

namespace flux {

// The time that one thread works for the pool. A node may end its thread by `pthread_exit`: then
// its flow has failed, and another thread takes the worker's place.
class Pool::Shift {
 public:
  explicit Shift(Worker& worker) noexcept : worker_{worker} {}
  Shift(const Shift&) = delete;
  Shift& operator=(const Shift&) = delete;

  ~Shift() {
    if (carrying_) {
      worker_.tally.count(Outcome::failed);
    }
    if (!carrying_ || start_thread(run, &worker_) != 0) {
      worker_.pool.leave();
    }
  }

  void work() {
    while (auto task = worker_.pool.queue_.pop()) {
      carrying_ = true;
      worker_.tally.count(worker_.pool.carry_(std::move(task)));
      carrying_ = false;
    }
  }

 private:
  Worker& worker_;
  bool carrying_ = false;
};

Pool::Pool(Carry carry, std::function<void()> on_idle, std::size_t threads, std::size_t queue)
    : carry_{std::move(carry)}, on_idle_{std::move(on_idle)}, queue_{queue} {
  for (std::size_t number = 0; number < threads; ++number) {
    workers_.emplace_back(*this);
  }
}

void Pool::start() {
  for (Worker& worker : workers_) {
    join();
    if (const int error = start_thread(run, &worker)) {
      leave();
      throw std::system_error{error, std::generic_category(), "the pool has too few threads"};
    }
  }
}

void Pool::close() {
  std::unique_lock guarded{guard_};
  const bool was_open = !std::exchange(closed_, true);
  guarded.unlock();
  if (was_open) {
    queue_.close();
    leave();
  }
}

Ends Pool::ends() const {
  Ends all;
  for (const Worker& worker : workers_) {
    all += worker.tally.ends();
  }
  return all;
}

void* Pool::run(void* argument) {
  name_thread("flux worker");
  Shift{*static_cast<Worker*>(argument)}.work();
  return nullptr;
}

void Pool::join() {
  const std::scoped_lock guarded{guard_};
  ++working_;
}

void Pool::leave() {
  std::unique_lock guarded{guard_};
  const bool last = --working_ == 0;
  guarded.unlock();
  if (last) {
    on_idle_();
  }
}

}  // namespace flux
