#include "loop.hpp"

#include <cxxabi.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <flux/meter.hpp>
#include <new>
#include <system_error>
#include <utility>

#include "calls/real.hpp"
#include "watch.hpp"

namespace flux::event {

namespace {

int checked(int result, const char* what) {
  if (result == -1) {
    throw std::system_error{errno, std::generic_category(), what};
  }
  return result;
}

}  // namespace

constinit thread_local Loop* Loop::current_ = nullptr;

Loop::Loop(unsigned number, std::size_t stack_size)
    : number_{number},
      descriptors_{poller_, number},
      stacks_{stack_size},
      bell_{checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")} {
  // Each ring is an edge, so the bell is never read; its counter has room for centuries.
  poller_.add(bell_, EPOLLIN, bell_token);
  all_loops[number_] = this;
}

Loop::~Loop() {
  inbox_.deliver();
  subscribers_.abandon();
  Loop* own = this;
  all_loops[number_].compare_exchange_strong(own, nullptr);
  real::close(bell_);
}

void Loop::run() {
  begin_thread();
  while (!stopped_.load(std::memory_order_acquire) || living_ != nullptr) {
    inbox_.deliver();
    timers_.ring(now_);
    run_ready();
    listen();
    now_ = Clock::now();
  }
  end_thread();
}

void Loop::stop() noexcept {
  class Stop final : public Post {
    void deliver() noexcept override { delete this; }
  };
  stopped_.store(true, std::memory_order_release);
  post(*new Stop);
}

Fiber& Loop::spawn(Fiber::Work work, void* argument) {
  if (running_ == nullptr) {
    return add(work, argument);
  }
  Fiber& fiber = make(work, argument);
  // The new one first, then who made it, then the others.
  ready_.add_first(*running_);
  ready_.add_first(fiber);
  leave();
  return fiber;
}

Fiber& Loop::add(Fiber::Work work, void* argument) {
  Fiber& fiber = make(work, argument);
  make_ready(fiber);
  return fiber;
}

Fiber& Loop::make(Fiber::Work work, void* argument) {
  const Stack stack = stacks_.take();
  char* const place = stack.top() - sizeof(Fiber) - alignof(std::max_align_t);
  auto& fiber =
      *new (reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(place) & ~std::uintptr_t{63}))
          Fiber{*this, stack};
  fiber.work_ = work;
  fiber.argument_ = argument;
  fiber.watched_.begin(stack.bottom, stack.size);
  fiber.context_ =
      make_context(&fiber, static_cast<std::size_t>(reinterpret_cast<char*>(&fiber) - stack.bottom),
                   begin_fiber, &fiber);
  fiber.since = now_;
  fiber.next_living = std::exchange(living_, &fiber);
  if (fiber.next_living != nullptr) {
    fiber.next_living->previous_living = &fiber;
  }
  return fiber;
}

void Loop::yield() noexcept {
  make_ready(*running_);
  leave();
}

void Loop::leave() noexcept {
  end_orphan();
  Fiber& self = *running_;
  const int error = errno;
  if (self.meter != nullptr) [[unlikely]] {
    self.meter->pause();
  }
  self.watched_.leave_for(watched_, false);
  flux_switch_context(&self.context_, context_);
  self.watched_.arrive(&watched_);
  if (self.meter != nullptr) [[unlikely]] {
    self.meter->resume();
  }
  errno = error;
}

void Loop::end() noexcept {
  end_orphan();
  Fiber& self = *running_;
  ended_ = &self;
  self.watched_.leave_for(watched_, true);
  flux_switch_context(&self.context_, context_);
  __builtin_unreachable();
}

void Loop::make_ready(Fiber& fiber) noexcept {
  fiber.calls = 0;
  fiber.seen_running = {};
  ready_.add(fiber);
}

void Loop::post(Post& post) noexcept {
  inbox_.push(post);
  if (sleeps_.load(std::memory_order_seq_cst)) {
    const int before = errno;
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = real::write(bell_, &one, sizeof one);
    errno = before;
  }
}

void Loop::set_watch(Watch* watch) noexcept {
  watch_ = watch;
  vigil_ = watch;
}

Ring* Loop::ring() noexcept {
  if (!std::exchange(has_asked_for_ring_, true)) {
    ring_ = Ring::of_thread(bell_);
  }
  return ring_;
}

// In a child of `fork`, the thread that called it goes on as a plain one: its calls are plain
// calls. All that the loop has in the kernel is the parent's, as are the other fibers.
void Loop::orphan() noexcept {
  if (Loop* const loop = std::exchange(current_, nullptr)) {
    loop->is_orphaned_ = true;
  }
}

// There is nothing to go back to. The child ends, as it does with its last thread.
void Loop::end_orphan() const noexcept {
  if (is_orphaned_) {
    ::_exit(0);
  }
}

void Loop::begin_thread() noexcept {
  [[maybe_unused]] static const int registered = pthread_atfork(nullptr, nullptr, orphan);
  current_ = this;
  now_ = Clock::now();
  watched_.adopt();
  exceptions_ = reinterpret_cast<Exceptions*>(abi::__cxa_get_globals());
  handled_ = &current_handled();
}

void Loop::end_thread() noexcept { current_ = nullptr; }

// Those that become ready meanwhile run, too, but not for ever: the kernel has news, perhaps.
void Loop::run_ready() noexcept {
  if (vigil_ != nullptr && !ready_.empty()) {
    vigil_->begin_round();
  }
  if (Fiber* const greedy = ready_.take_greedy(now_)) [[unlikely]] {
    run(*greedy);
  }
  if (Fiber* const tireless = ready_.take_tireless()) [[unlikely]] {
    run(*tireless);
  }
  for (int count = 0; ready_.has_usual() && count < switches_in_a_row; ++count) {
    run(ready_.take_usual());
  }
}

// It has run since its first look at the clock, at least. Where that is long, the next call may be
// one that lets others run, if this one doesn't.
bool Loop::has_run_for_long(Fiber& self) noexcept {
  const Time now = Clock::now();
  if (self.seen_running == Time{}) {
    self.seen_running = now;
  }
  const bool is_long = now - self.seen_running >= longest_run;
  self.calls = is_long ? self.calls : 0;
  return is_long;
}

void Loop::let_others_run() noexcept {
  running_->calls = 0;
  running_->seen_running = {};
  ready_.add_tireless(*running_);
  leave();
}

void Loop::run(Fiber& fiber) noexcept {
  running_ = &fiber;
  switches_.store(switches_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  *exceptions_ = fiber.exceptions_;
  *handled_ = fiber.handled_;
  if (fiber.companion != nullptr) [[unlikely]] {
    fiber.companion->arrive();
  }
  watched_.leave_for(fiber.watched_, false);
  flux_switch_context(&context_, fiber.context_);
  watched_.arrive(nullptr);
  if (fiber.companion != nullptr) [[unlikely]] {
    fiber.companion->leave();
  }
  fiber.exceptions_ = *exceptions_;
  fiber.handled_ = *handled_;
  running_ = nullptr;
  if (ended_ != nullptr) {
    destroy(*std::exchange(ended_, nullptr));
  }
}

void Loop::destroy(Fiber& fiber) noexcept {
  (fiber.previous_living != nullptr ? fiber.previous_living->next_living : living_) =
      fiber.next_living;
  if (fiber.next_living != nullptr) {
    fiber.next_living->previous_living = fiber.previous_living;
  }
  const Stack stack = fiber.stack;
  fiber.watched_.end();
  fiber.~Fiber();
  stacks_.give_back(stack);
  trimming_.begin();
}

// `pthread_exit` unwinds the stack through this, up to its end.
void Loop::begin_fiber(void* argument) {
  auto& fiber = *static_cast<Fiber*>(argument);
  fiber.watched_.arrive(&fiber.loop.watched_);
  fiber.work_(fiber.argument_);
  fiber.locals.reset();
  fiber.loop.end();
}

}  // namespace flux::event
