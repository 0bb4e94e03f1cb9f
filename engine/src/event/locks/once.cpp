// What is done once: `pthread_once`, and so `std::call_once`.
//
// A fiber must not do it within libc, which notes for each thread what it is to undo, innermost
// first; fibers of a thread don't end in that order. So a fiber begins and ends it by itself, and
// leaves in the control what libc would. That is learnt by a try: libc keeps there how often the
// process was forked, too, since what the parent has begun is begun anew by the child; and
// sanitizers have words of their own.

#include "once.hpp"

#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <mutex>

#include "../../futex.hpp"
#include "../calls/call.hpp"
#include "real.hpp"
#include "turns.hpp"

namespace flux::event {

namespace {

using Word = std::atomic<std::uint32_t>;
static_assert(sizeof(Word) == sizeof(pthread_once_t));

Word& word_of(void* control) noexcept { return *static_cast<Word*>(control); }

// What a control holds while somebody is at work, and from then on.
struct Marks {
  std::uint32_t begun;
  std::uint32_t done;
};

Marks learn() noexcept {
  static constinit thread_local pthread_once_t probe = PTHREAD_ONCE_INIT;
  static constinit thread_local std::uint32_t begun = 0;
  probe = PTHREAD_ONCE_INIT;
  real::pthread_once(&probe, [] { begun = word_of(&probe).load(std::memory_order_relaxed); });
  return {begun, word_of(&probe).load(std::memory_order_relaxed)};
}

std::uint32_t done() noexcept {
  static constinit std::atomic<std::uint32_t> known{0};
  std::uint32_t mark = known.load(std::memory_order_relaxed);
  if (mark == 0) {
    mark = learn().done;
    known.store(mark, std::memory_order_relaxed);
  }
  return mark;
}

// Begin it; EALREADY: it is done; EBUSY: somebody else has begun. Who sleeps may have left a mark,
// too; and a process has been forked more often than those before it.
int try_beginning(Fiber&, void* control) noexcept {
  Word& word = word_of(control);
  const Marks marks = learn();
  std::uint32_t seen = word.load(std::memory_order_acquire);
  while (seen != marks.done) {
    if ((seen & marks.begun) == marks.begun) {
      return EBUSY;
    }
    if (word.compare_exchange_weak(seen, marks.begun, std::memory_order_acquire)) {
      return 0;
    }
  }
  return EALREADY;
}

// Its end, whichever it is: what throws is to be begun again.
class Ending {
 public:
  explicit Ending(pthread_once_t& control) noexcept : control_{control} {}
  Ending(const Ending&) = delete;
  Ending& operator=(const Ending&) = delete;

  ~Ending() {
    Word& word = word_of(&control_);
    word.exchange(value, std::memory_order_seq_cst);
    futex_wake_all(word);
    wake_first(&control_);
  }

  std::uint32_t value = 0;

 private:
  pthread_once_t& control_;
};

// libc is at work for a thread; fibers may be waiting when it has ended.
class RealEnding {
 public:
  explicit RealEnding(const pthread_once_t& control) noexcept : control_{control} {}
  RealEnding(const RealEnding&) = delete;
  RealEnding& operator=(const RealEnding&) = delete;
  ~RealEnding() { wake_first(&control_); }

 private:
  const pthread_once_t& control_;
};

// `std::call_once` leaves what is to be called in variables of the thread.
class Called {
 public:
  void restore() const noexcept {
    std::__once_callable = callable_;
    std::__once_call = call_;
  }

 private:
  decltype(std::__once_callable) callable_ = std::__once_callable;
  decltype(std::__once_call) call_ = std::__once_call;
};

void do_once(Fiber& fiber, pthread_once_t& control, void (*routine)()) {
  const Called called;
  if (take_turn(fiber, {&control, try_beginning, "pthread_once"}, never) == 0) {
    Ending ending{control};
    called.restore();
    routine();
    ending.value = done();
  }
}

}  // namespace

void link_once() noexcept {}

}  // namespace flux::event

using namespace flux::event;

FLUX_INTERCEPTED int pthread_once(pthread_once_t* control, void (*routine)()) {
  Fiber* const fiber = Loop::fiber();
  if (fiber == nullptr) {
    const RealEnding ending{*control};
    return real::pthread_once(control, routine);
  }
  if (word_of(control).load(std::memory_order_acquire) != done()) {
    do_once(*fiber, *control, routine);
  }
  return 0;
}
