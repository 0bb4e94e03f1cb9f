#include "thread.hpp"

#include <array>
#include <mutex>
#include <utility>

#include "../event/loop.hpp"
#include "interpreter.hpp"

namespace flux::fibers {

constinit thread_local Thread* Thread::current_ = nullptr;
constinit std::atomic<pthread_t> Thread::latest_{};

// All threads that have a name still, by that.
class Registry {
 public:
  void add(Thread& thread) noexcept {
    const std::scoped_lock guarded{guard_};
    thread.next_ = std::exchange(first_of(&thread), &thread);
  }

  void remove(const Thread& thread) noexcept {
    const std::scoped_lock guarded{guard_};
    Thread** place = &first_of(&thread);
    while (*place != &thread) {
      place = &(*place)->next_;
    }
    *place = thread.next_;
  }

  Thread* find(const void* name) noexcept {
    const std::scoped_lock guarded{guard_};
    Thread* each = first_of(name);
    while (each != nullptr && each != name) {
      each = each->next_;
    }
    return each;
  }

  // In a child of `fork`: what another thread was changing then is forgotten.
  void keep_only(Thread* kept) noexcept {
    new (&guard_) ShortLock{};
    first_.fill(nullptr);
    if (kept != nullptr) {
      kept->next_ = nullptr;
      first_of(kept) = kept;
    }
  }

 private:
  static constexpr unsigned bits = 10;

  Thread*& first_of(const void* name) noexcept {
    constexpr std::uint64_t golden = 0x9e37'79b9'7f4a'7c15;
    const auto number = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(name));
    return first_[number * golden >> (64 - bits)];
  }

  ShortLock guard_{};
  std::array<Thread*, std::size_t{1} << bits> first_{};
};

namespace {

constinit Registry registry{};

}  // namespace

// However it ends: by a return, or by `pthread_exit`.
class Thread::Running {
 public:
  explicit Running(Thread& thread) noexcept : thread_{thread} {}
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() { thread_.end(); }

 private:
  Thread& thread_;
};

Thread::Thread(Run run, void* argument, bool is_detached)
    : run_{run},
      argument_{argument},
      locals_{Interpreter::new_locals()},
      is_detached_{is_detached},
      holders_{is_detached ? 1 : 2} {
  registry.add(*this);
}

Thread* Thread::of(pthread_t name) noexcept {
  return registry.find(reinterpret_cast<const void*>(name));
}

void Thread::abandon() noexcept {
  registry.remove(*this);
  delete this;
}

void Thread::carry(void* argument) {
  auto& self = *static_cast<Thread*>(argument);
  const Running running{self};
  self.result_ = self.run_(self.argument_);
}

bool Thread::join(Deadline deadline, void** result) noexcept {
  if (!ended_.wait(deadline)) {
    return false;
  }
  if (result != nullptr) {
    *result = result_;
  }
  let_go();
  return true;
}

bool Thread::detach() noexcept {
  if (is_detached_.exchange(true)) {
    return false;
  }
  let_go();
  return true;
}

void Thread::begin_child() noexcept { registry.keep_only(current_); }

void Thread::arrive() noexcept {
  mask.apply();
  Interpreter::swap_in(locals_.get());
  current_ = this;
  latest_.store(name(), std::memory_order_relaxed);
}

void Thread::leave() noexcept {
  current_ = nullptr;
  Interpreter::swap_out(locals_.get());
}

void Thread::end() noexcept {
  values_.destroy();
  if (event::Fiber* const fiber = event::Loop::fiber()) {
    fiber->companion = nullptr;
  }
  current_ = nullptr;
  ended_.set();
  let_go();
}

void Thread::let_go() noexcept {
  if (holders_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    registry.remove(*this);
    delete this;
  }
}

}  // namespace flux::fibers
