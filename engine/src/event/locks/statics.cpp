// Statics of functions, as the Itanium ABI of C++ (3.3.3) has compilers initialise them.
//
// These take the place of libstdc++'s, for threads as well, and keep its word of a guard; so both
// may be at work on one guard, if a library brings its own:
//
//   initialised  in the first byte, which programs read
//   begun        somebody is at work, in the second
//   awaited      a thread sleeps until he has ended, in the third

#include "statics.hpp"

#include <atomic>
#include <cerrno>
#include <cstdint>

#include "../../futex.hpp"
#include "../calls/call.hpp"
#include "turns.hpp"

namespace flux::event {

namespace {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

constexpr std::uint32_t initialised = 1;
constexpr std::uint32_t begun = 0x100;
constexpr std::uint32_t awaited = 0x1'0000;

using Word = std::atomic<std::uint32_t>;

Word& state_of(void* guard) noexcept { return *static_cast<Word*>(guard); }

// Begin; EALREADY: it is initialised; EBUSY: somebody else has begun.
int try_beginning(Word& word) noexcept {
  std::uint32_t seen = 0;
  if (word.compare_exchange_strong(seen, begun, std::memory_order_acq_rel,
                                   std::memory_order_acquire)) {
    return 0;
  }
  return (seen & initialised) != 0 ? EALREADY : EBUSY;
}

int try_as_fiber(Fiber&, void* guard) noexcept { return try_beginning(state_of(guard)); }

int wait_as_thread(Word& word) noexcept {
  int error = EBUSY;
  while ((error = try_beginning(word)) == EBUSY) {
    std::uint32_t seen = begun;
    if (word.compare_exchange_strong(seen, begun | awaited, std::memory_order_relaxed) ||
        seen == (begun | awaited)) {
      futex_wait(word, begun | awaited);
    }
  }
  return error;
}

void end(void* guard, std::uint32_t value) noexcept {
  Word& word = state_of(guard);
  if ((word.exchange(value, std::memory_order_seq_cst) & awaited) != 0) {
    futex_wake_all(word);
  }
  wake_first(guard);
}

}  // namespace

void link_statics() noexcept {}

}  // namespace flux::event

using namespace flux::event;

// 1: the caller is to initialise it, and to tell how that has ended.
FLUX_INTERCEPTED int __cxa_guard_acquire(std::uint64_t* guard) noexcept {
  Fiber* const fiber = Loop::fiber();
  const int error =
      fiber == nullptr
          ? wait_as_thread(state_of(guard))
          : take_turn(*fiber, {guard, try_as_fiber, "the initialisation of a static"}, never);
  return error == 0 ? 1 : 0;
}

FLUX_INTERCEPTED void __cxa_guard_release(std::uint64_t* guard) noexcept {
  end(guard, initialised);
}

FLUX_INTERCEPTED void __cxa_guard_abort(std::uint64_t* guard) noexcept { end(guard, 0); }
