// The queues in which fibers wait for locks and conditions, each found by the address of its lock.
//
// Theory of operation. A lock stays what it is to libc, so threads know nothing of fibers, and who
// finds it free pays for no more than that. A fiber only tries; where that fails it joins the queue
// of the lock's address, tries again as the first of it, and parks. Who unlocks makes the real
// call, then asks whether anybody is queued, and wakes the first.
//
// No wake-up is lost. Who waits counts himself before he tries; who unlocks unlocks before he reads
// the count; so either the try succeeds, or the count is seen. Tries and wake-ups are made under
// the guard of the queue: who is found awake tries later than that, and sees a lock that was
// unlocked. The others in the queue need no wake-up before the first has entered or has given up;
// then the next is the first. Where he could enter, too, as readers do, who enters wakes him.
//
// Each waiter is woken once for each time that he parks. Who parks no more because it became late
// looks under the guard whether he has been woken, and if so takes the wake-up that is on its way:
// the next thing for which the fiber parks must not find it.
//
// Policy: who comes may be faster than who was woken, as it is with libc. But on one loop that can
// go on for ever: who unlocks, locks again and then waits for something else always runs before who
// was woken. So the first of the queue, if he was woken in vain and has waited for `patience`,
// starves, and fibers that come line up behind him. Threads don't, and neither do readers who may
// be inside already: they would wait for a writer who waits for them.
//
// A count is of many addresses, as is a guard: those of the same hash. What is asked of it in vain
// costs time, and nothing else.

#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <flux/lock.hpp>

namespace flux::event {

// Who waits in a queue.
class Waiter {
 public:
  explicit Waiter(const void* address) noexcept : address_{address} {}
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  // He may be gone when this returns.
  virtual void wake() noexcept = 0;

  // He lets pass who joins the queue after him, unless that one gives way, too.
  bool gives_way = false;

  // Guarded by the guard of the queues: whether a wake-up has been given, or is about to be.
  bool is_woken = false;

 protected:
  ~Waiter() = default;

 private:
  friend class Queues;

  const void* address_;
  Waiter* previous_ = nullptr;
  Waiter* next_ = nullptr;
  Waiter* last_ = nullptr;         // of the first of a queue: the last of it
  Waiter* other_first_ = nullptr;  // of the first of a queue: the first of another one
};

// The queues of the addresses of one hash. What isn't atomic is guarded.
class alignas(64) Queues {
 public:
  static Queues& of(const void* address) noexcept;

  // Whether anybody is queued; after a real call that has made way for him.
  bool anybody() const noexcept {
    // On x86-64 these calls end with an instruction that is a full fence.
#if !defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
    std::atomic_thread_fence(std::memory_order_seq_cst);
#endif
    return count_.load(std::memory_order_relaxed) != 0;
  }

  // Whether who comes has to line up.
  bool anybody_starves() const noexcept { return starving_.load(std::memory_order_relaxed) != 0; }

  void lock() noexcept { guard_.lock(); }
  void unlock() noexcept { guard_.unlock(); }

  void join(Waiter& waiter) noexcept;
  void leave(Waiter& waiter) noexcept;
  Waiter* first(const void* address) const noexcept;

  // All of a queue leave it, and are to be woken; each is the `next` of the one before.
  Waiter* take_all(const void* address) noexcept;
  static Waiter* next(const Waiter& waiter) noexcept { return waiter.next_; }

  // In a child of `fork`, where nobody is queued any more, and no guard is held.
  static void begin_child() noexcept;

  void starve() noexcept { starving_.fetch_add(1, std::memory_order_relaxed); }
  void starve_no_more() noexcept { starving_.fetch_sub(1, std::memory_order_relaxed); }

 private:
  Waiter** place_of_first(const void* address) noexcept;
  void insert(Waiter*& head, Waiter& waiter, Waiter* before) noexcept;

  std::atomic<std::uint32_t> count_{0};
  std::atomic<std::uint32_t> starving_{0};
  ShortLock guard_{};
  Waiter* first_ = nullptr;
};

// Wake the first in the queue of an address, unless he is awake.
void wake_first_queued(const void* address) noexcept;

// A lock has been unlocked by a real call.
inline void wake_first(const void* address) noexcept {
  if (Queues::of(address).anybody()) [[unlikely]] {
    wake_first_queued(address);
  }
}

namespace queues {

inline constexpr unsigned bits = 9;
extern std::array<Queues, std::size_t{1} << bits> all;

}  // namespace queues

inline Queues& Queues::of(const void* address) noexcept {
  constexpr std::uint64_t golden = 0x9e37'79b9'7f4a'7c15;
  const auto number = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(address));
  return queues::all[number * golden >> (64 - queues::bits)];
}

}  // namespace flux::event
