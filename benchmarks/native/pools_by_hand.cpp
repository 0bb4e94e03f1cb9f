#include "pools_by_hand.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <semaphore>
#include <thread>
#include <vector>

#include "by_hand.hpp"
#include "flows.h"

namespace by_hand {

namespace {

class Queue {
 public:
  explicit Queue(std::size_t bound) : bound_{bound} {}

  void push(int item) {
    std::unique_lock held{mutex_};
    has_room_.wait(held, [this] { return items_.size() < bound_; });
    items_.push_back(item);
    held.unlock();
    has_items_.notify_one();
  }

  std::optional<int> pop() {
    std::unique_lock held{mutex_};
    has_items_.wait(held, [this] { return !items_.empty() || closed_; });
    if (items_.empty()) return std::nullopt;
    const int item = items_.front();
    items_.pop_front();
    held.unlock();
    has_room_.notify_one();
    return item;
  }

  void close() {
    const std::lock_guard held{mutex_};
    closed_ = true;
    has_items_.notify_all();
  }

 private:
  const std::size_t bound_;
  std::mutex mutex_;
  std::condition_variable has_items_;
  std::condition_variable has_room_;
  std::deque<int> items_;
  bool closed_ = false;
};

}  // namespace

void pool(std::size_t threads, std::size_t bound) {
  Queue queue{bound};
  std::vector<std::jthread> workers;
  for (std::size_t i = 0; i < threads; ++i) {
    workers.emplace_back([&] {
      while (const auto item = queue.pop()) six(*item);
    });
  }
  int item = 0;
  while (Count(&item) == 0) queue.push(item);
  queue.close();
}

void thread(std::ptrdiff_t most) {
  std::counting_semaphore<> places{most};
  int item = 0;
  while (Count(&item) == 0) {
    places.acquire();
    std::thread{[&places, item] {
      six(item);
      places.release();
    }}.detach();
  }
  for (std::ptrdiff_t i = 0; i < most; ++i) places.acquire();
}

}  // namespace by_hand
