// ThreadSanitizer calls some of the functions that this object defines while it begins to watch a
// thread: there nothing may be instrumented, neither what is called nor whom it asks. Only the
// loop's thread carries fibers, so on the others the functions behind ours are meant.

#pragma once

#include "../event/calls/real.hpp"
#include "../event/sanitizers.hpp"

#ifdef FLUX_TSAN

#define FLUX_UNWATCHED __attribute__((no_sanitize("thread")))

namespace flux::fibers {

inline constinit thread_local bool carries_fibers = false;

}  // namespace flux::fibers

// The function behind this one, found before anybody calls it; null: that isn't yet.
#define FLUX_BEHIND(name)                                                                          \
  constinit decltype(&::name) behind_##name = nullptr;                                             \
  [[gnu::constructor]] void find_##name() noexcept {                                               \
    behind_##name = reinterpret_cast<decltype(behind_##name)>(flux::event::real::original(#name)); \
  }

#endif
