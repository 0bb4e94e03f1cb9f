// A thread with a large stack, waited for at the end of its owner's life.

#pragma once

#include <pthread.h>

#include <cstddef>
#include <functional>

class RoomyThread {
 public:
  // `stack` in bytes; std::system_error.
  RoomyThread(std::size_t stack, std::function<void()> run);
  RoomyThread(const RoomyThread&) = delete;
  RoomyThread& operator=(const RoomyThread&) = delete;
  ~RoomyThread() { pthread_join(thread_, nullptr); }

  [[nodiscard]] pthread_t id() const { return thread_; }

 private:
  std::function<void()> run_;
  pthread_t thread_{};
};
