// What other threads want of a loop: a list that anybody may add to, and one thread takes.

#pragma once

#include <atomic>

namespace flux::event {

// Something to be done by a loop, on its thread, outside of all fibers; it may destroy itself.
class Post {
 public:
  Post() = default;
  Post(const Post&) = delete;
  Post& operator=(const Post&) = delete;

 protected:
  ~Post() = default;

 private:
  friend class Inbox;
  virtual void deliver() noexcept = 0;

  Post* next_ = nullptr;
};

class Inbox {
 public:
  bool empty() const noexcept { return first_.load(std::memory_order_seq_cst) == nullptr; }

  void push(Post& post) noexcept {
    post.next_ = first_.load(std::memory_order_relaxed);
    while (!first_.compare_exchange_weak(post.next_, &post, std::memory_order_seq_cst)) {
    }
  }

  // Deliver all that is there, in the order in which it came.
  void deliver() noexcept {
    Post* newest = first_.exchange(nullptr, std::memory_order_acquire);
    Post* oldest = nullptr;
    while (newest != nullptr) {
      Post* const older = newest->next_;
      newest->next_ = oldest;
      oldest = newest;
      newest = older;
    }
    while (oldest != nullptr) {
      Post& post = *oldest;
      oldest = post.next_;
      post.deliver();
    }
  }

 private:
  std::atomic<Post*> first_{nullptr};
};

}  // namespace flux::event
