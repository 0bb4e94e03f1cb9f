// What sanitizers and valgrind must be told of stacks that are switched. Nothing in other builds.

#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define FLUX_ASAN 1
#elif defined(__SANITIZE_THREAD__)
#define FLUX_TSAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FLUX_ASAN 1
#elif __has_feature(thread_sanitizer)
#define FLUX_TSAN 1
#endif
#endif

#ifdef FLUX_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef FLUX_TSAN
#include <sanitizer/tsan_interface.h>
#endif
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif

namespace flux::event {

// What is told of one context; the one that a thread begins with finds out where its stack is.
class Watched {
 public:
  // A context that is about to begin on a new stack.
  void begin([[maybe_unused]] void* bottom, [[maybe_unused]] std::size_t size) noexcept {
#ifdef FLUX_ASAN
    bottom_ = bottom;
    size_ = size;
    fake_ = nullptr;
    __asan_unpoison_memory_region(bottom, size);
#endif
#ifdef FLUX_TSAN
    fiber_ = __tsan_create_fiber(0);
#endif
  }

  // The context of the thread itself.
  void adopt() noexcept {
#ifdef FLUX_TSAN
    fiber_ = __tsan_get_current_fiber();
#endif
  }

  // It has ended, and somebody else runs.
  void end() noexcept {
#ifdef FLUX_TSAN
    __tsan_destroy_fiber(fiber_);
#endif
  }

  // Just before the switch from this one to another; `last`: it never comes back.
  void leave_for([[maybe_unused]] Watched& other, [[maybe_unused]] bool last) noexcept {
#ifdef FLUX_ASAN
    __sanitizer_start_switch_fiber(last ? nullptr : &fake_, other.bottom_, other.size_);
#endif
#ifdef FLUX_TSAN
    // All fibers of a loop run on one thread, one after the other: what one has done, the next
    // sees.
    __tsan_switch_to_fiber(other.fiber_, 0);
#endif
  }

  // Just after the switch to this one; where it came from was on the stack that is told.
  void arrive([[maybe_unused]] Watched* from) noexcept {
#ifdef FLUX_ASAN
    const void* bottom = nullptr;
    std::size_t size = 0;
    __sanitizer_finish_switch_fiber(fake_, &bottom, &size);
    if (from != nullptr) {
      from->bottom_ = bottom;
      from->size_ = size;
    }
#endif
  }

#ifdef FLUX_ASAN
 private:
  void* fake_ = nullptr;
  const void* bottom_ = nullptr;
  std::size_t size_ = 0;
#endif
#ifdef FLUX_TSAN
 private:
  void* fiber_ = nullptr;
#endif
};

// A stack for valgrind, which else takes a switch for an overflow.
inline unsigned register_stack([[maybe_unused]] void* bottom, [[maybe_unused]] void* top) noexcept {
#ifdef VALGRIND_STACK_REGISTER
  return VALGRIND_STACK_REGISTER(bottom, top);
#else
  return 0;
#endif
}

inline void deregister_stack([[maybe_unused]] unsigned number) noexcept {
#ifdef VALGRIND_STACK_DEREGISTER
  VALGRIND_STACK_DEREGISTER(number);
#endif
}

}  // namespace flux::event
