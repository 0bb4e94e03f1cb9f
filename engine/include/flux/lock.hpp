// The reader/writer lock behind every constraint.
//
// One word says who is inside; whoever can't enter at once joins a queue, first come, first served.
//
//   writer    a writer is inside
//   claimed   the first of the queue, a writer, waits only for the readers inside to leave
//   starving  the first of the queue has lost patience
//   queued    somebody is in the queue: who leaves has to wake its first
//   readers   how many readers are inside, in the bits above
//
// A newcomer enters by one compare-and-swap: a writer if nobody is inside, a reader if no writer
// is, and neither while the lock is claimed or somebody starves. Only the first of the queue tries
// from within the queue: when it becomes its first on joining, and whenever it is woken. It ignores
// `starving`, which can only be its own, as `claimed` is.
//
// No wake-up is lost. `queued` is set before the first of the queue tries. If it fails, somebody is
// inside whose leaving is a later change of the same word, sees `queued`, and wakes the first
// unless it is awake already. That is decided, as each try is, under the lock of the queue; so who
// is found awake tries later than that, and sees a lock that has been left. The first of the queue
// needn't be woken where readers leave others inside: as a reader it would not be waiting, as a
// writer it waits for the last of them. Who enters from the queue wakes the next if it is a reader
// itself; if it is a writer, it wakes the next when it leaves.
//
// Policy: short barging, then first come, first served. A newcomer may be faster than the sleeper
// who was woken: strict hand-off would let the lock lie idle at each change of threads. Who was
// woken in vain and has waited for `patience` (1 ms) since it came is starving.
//
// Nobody starves. A claim keeps newcomers out until the readers inside have left. Else the first of
// the queue competes with newcomers until it is starving, and then with nobody: it enters when who
// is inside has left. So everyone in the queue becomes its first.
//
// Not re-entrant, and a reader can't become a writer: the compiler proves that neither is asked
// for. The lock knows nothing of threads: flows sleep in their bearers.

#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <flux/bearer.hpp>

namespace flux {

// Guards a few instructions that never wait for anything else.
class ShortLock {
 public:
  void lock() noexcept {
    if (!try_lock()) {
      lock_contended();
    }
  }

  bool try_lock() noexcept {
    std::uint32_t expected = open;
    return state_.compare_exchange_strong(expected, closed, std::memory_order_acquire,
                                          std::memory_order_relaxed);
  }

  void unlock() noexcept {
    if (state_.exchange(open, std::memory_order_release) == awaited) {
      wake_one();
    }
  }

 private:
  static constexpr std::uint32_t open = 0;
  static constexpr std::uint32_t closed = 1;
  static constexpr std::uint32_t awaited = 2;

  void lock_contended() noexcept;
  void wake_one() noexcept;

  std::atomic<std::uint32_t> state_{open};
};

// Whether all that takes constraints runs on one thread, as the flows of a single loop do, one at a
// time. Then nobody can come between a look at a lock's word and the next write: both are plain.
// The server says so before flows begin and after they have ended; the word means the same either
// way.
inline constinit bool on_one_thread = false;

// How a lock is taken.
enum class Mode : bool { reader, writer };

class ReaderWriterLock {
 public:
  using clock = std::chrono::steady_clock;

  explicit constexpr ReaderWriterLock(
      clock::duration patience = std::chrono::milliseconds{1}) noexcept
      : patience_{patience} {}
  ReaderWriterLock(const ReaderWriterLock&) = delete;
  ReaderWriterLock& operator=(const ReaderWriterLock&) = delete;

  // Whether that took waiting.
  bool lock() noexcept {
    if (!enter_free(writer)) [[unlikely]] {
      return wait(Mode::writer);
    }
    return false;
  }

  void unlock() noexcept {
    if (leave(writer) & queued) [[unlikely]] {
      wake_first();
    }
  }

  // Whether that took waiting.
  bool lock_shared() noexcept {
    if (!enter_free(reader)) [[unlikely]] {
      return wait(Mode::reader);
    }
    return false;
  }

  void unlock_shared() noexcept {
    const std::uint32_t before = leave(reader);
    if (before & queued && before < 2 * reader) [[unlikely]] {
      wake_first();
    }
  }

  // Enter a lock that nobody else can see yet; whoever shows it publishes that, too.
  void enter_unseen(Mode mode) noexcept {
    state_.store(mode == Mode::reader ? reader : writer, std::memory_order_relaxed);
  }

  // How many wait.
  std::size_t waiting() const noexcept;

 private:
  struct Waiter {
    Bearer& bearer;
    Mode mode;
    bool awake = true;
    Waiter* next = nullptr;
  };

  static constexpr std::uint32_t writer = 1;
  static constexpr std::uint32_t claimed = 2;
  static constexpr std::uint32_t starving = 4;
  static constexpr std::uint32_t queued = 8;
  static constexpr std::uint32_t reader = 16;

  // Enter a lock that is free in every respect.
  bool enter_free(std::uint32_t as) noexcept {
    std::uint32_t expected = 0;
    if (!on_one_thread) {
      return state_.compare_exchange_strong(expected, as, std::memory_order_acquire,
                                            std::memory_order_relaxed);
    }
    const bool is_free = state_.load(std::memory_order_relaxed) == 0;
    if (is_free) {
      state_.store(as, std::memory_order_relaxed);
    }
    return is_free;
  }

  // What the word was before.
  std::uint32_t leave(std::uint32_t as) noexcept {
    if (!on_one_thread) {
      return state_.fetch_sub(as, std::memory_order_release);
    }
    const std::uint32_t before = state_.load(std::memory_order_relaxed);
    state_.store(before - as, std::memory_order_relaxed);
    return before;
  }

  bool wait(Mode mode) noexcept;
  bool enter_as_newcomer(Mode mode) noexcept;
  bool enter_as_first(Mode mode) noexcept;
  bool read_as_first() noexcept;
  bool write_as_first() noexcept;
  void join(Waiter& waiter) noexcept;
  void leave_queue() noexcept;
  void wake_first() noexcept;

  std::atomic<std::uint32_t> state_{0};
  mutable ShortLock guard_{};
  Waiter* first_ = nullptr;
  Waiter* last_ = nullptr;
  clock::duration patience_;
};

// Whether that took waiting.
inline bool take(ReaderWriterLock& lock, Mode mode) noexcept {
  return mode == Mode::reader ? lock.lock_shared() : lock.lock();
}

inline void give_back(ReaderWriterLock& lock, Mode mode) noexcept {
  mode == Mode::reader ? lock.unlock_shared() : lock.unlock();
}

}  // namespace flux
