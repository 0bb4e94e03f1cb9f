// The values that one thread has for the keys of pthreads.

#pragma once

#include <limits.h>
#include <pthread.h>

#include <array>
#include <cstdint>

namespace flux::fibers {

class Values {
 public:
  Values() = default;
  Values(const Values&) = delete;
  Values& operator=(const Values&) = delete;
  ~Values();

  void* get(pthread_key_t key) const noexcept;

  // 0, or an errno.
  int set(pthread_key_t key, void* value) noexcept;

  // Call the destructors of what is there, and of what they leave, as often as libc would.
  void destroy() noexcept;

 private:
  // A value counts only at the age of its key, which changes when the key is made anew.
  struct Value {
    void* value = nullptr;
    std::uint32_t age = 0;
  };

  static constexpr std::size_t block_size = 32;
  static constexpr std::size_t most_blocks = PTHREAD_KEYS_MAX / block_size;
  using Block = std::array<Value, block_size>;

  bool destroy_once() noexcept;

  std::array<Block*, most_blocks> blocks_{};  // made when they are first needed
};

}  // namespace flux::fibers
