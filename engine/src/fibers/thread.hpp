// Threads of a Python program as fibers: a shared object that is loaded before libc.
//
// Theory of operation. Python makes a thread by `pthread_create`, and asks libc for all that a
// thread may wait for. This object defines those functions in libc's place, so each thread becomes
// a fiber of one loop, and a call that would wait parks it (see event/calls/calls.hpp and
// event/locks/queues.hpp). The interpreter gives up its lock around such calls, as it does on
// threads; just there other fibers run. The main thread stays a thread: signals, and whatever the
// program does before and after its threads, are as they were. So are threads that other libraries
// make, which may wait where nobody can see it.
//
// To Python a fiber is a thread in every way that it can ask for:
//
//   identity           `pthread_self`, and what takes its outcome: join, detach, kill, ...
//   values of keys     `pthread_getspecific`, with their destructors at the end
//   thread-locals      those of the interpreter's own object, in which it keeps the current thread
//                      state: the block that the linker lays out for them goes with the fiber
//   mask of signals    handed down by who makes a thread, and changed by `pthread_sigmask`
//   errno, exceptions  go with every fiber of the engine
//
// So it does no harm to park a fiber that holds the interpreter's lock: as on threads, all who need
// the lock wait for it, and the others go on, among them the one that will wake the fiber. Nobody
// has to ask who holds the lock.
//
// What isn't taken along: thread-locals of other libraries, which all fibers share, and the
// processor time of a thread, which is that of the loop.
//
// A child of `fork` begins with the fiber that called it, which goes on as a plain thread, and
// keeps its identity; threads that the child makes are fibers of a new loop. `vfork` is a `fork`:
// its child would close descriptors in the parent's memory.

#pragma once

#include <pthread.h>

#include <atomic>
#include <cstddef>
#include <memory>

#include "../event.hpp"
#include "../event/fiber.hpp"
#include "mask.hpp"
#include "values.hpp"

namespace flux::fibers {

class Thread final : public event::Companion {
 public:
  using Run = void* (*)(void*);

  // Throws std::bad_alloc.
  Thread(Run run, void* argument, bool is_detached);
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  // That of the fiber that calls; null on plain threads.
  static Thread* current() noexcept { return current_; }

  // The name of the fiber that ran last, for who looks on.
  static pthread_t latest() noexcept { return latest_.load(std::memory_order_relaxed); }

  // The one of this name; null if it is a plain thread's. Who asks must not be told of its end
  // meanwhile, as with libc's threads.
  static Thread* of(pthread_t name) noexcept;

  pthread_t name() const noexcept { return reinterpret_cast<pthread_t>(this); }

  // It has never begun, and nobody knows it.
  void abandon() noexcept;

  // What its fiber does.
  static void carry(void* thread);

  // Wait for its end; false if that hasn't come by the deadline.
  bool join(Deadline deadline, void** result) noexcept;

  // Nobody will join it; false if nobody would have.
  bool detach() noexcept;

  Values& values() noexcept { return values_; }

  Mask mask = Mask::current();  // of who makes it

  // In a child of `fork`: all but the one that goes on are gone.
  static void begin_child() noexcept;

 private:
  class Running;
  friend class Registry;

  ~Thread() = default;
  void arrive() noexcept override;
  void leave() noexcept override;
  void ends_with(void* result) noexcept override { result_ = result; }
  void end() noexcept;
  void let_go() noexcept;

  static constinit thread_local Thread* current_;
  static constinit std::atomic<pthread_t> latest_;

  const Run run_;
  void* const argument_;
  void* result_ = nullptr;
  std::unique_ptr<std::byte[]> locals_;
  Values values_{};
  Event ended_{};
  std::atomic<bool> is_detached_;
  std::atomic<int> holders_{2};  // the fiber, and who may join it
  Thread* next_ = nullptr;       // in the registry
};

}  // namespace flux::fibers
