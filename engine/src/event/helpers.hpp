// Helper threads: for calls that can't be tried without waiting.
//
// A fiber that makes such a call parks until a thread has made it. There is a thread for each call
// that is under way, for such calls may wait for each other: one opens a FIFO for reading, one for
// writing. Beyond 512 they stand in a queue. A thread without work waits ten seconds for some.
//
// The call sees the error that the fiber's handler handles, and the fiber sees its `errno`. It does
// not see signals: they are for the threads of the program. So it isn't interrupted, either.

#pragma once

#include <flux/aside.hpp>
#include <memory>
#include <type_traits>

namespace flux::event {

// Run a callable on a helper thread, while the fiber that runs is parked. `what` says what it waits
// for. Exceptions must not come out.
template <class Call>
void run_aside(Call&& call, const char* what) noexcept {
  using Callable = std::remove_reference_t<Call>;
  flux::detail::run_aside([](void* its) { (*static_cast<Callable*>(its))(); },
                          const_cast<void*>(static_cast<const void*>(std::addressof(call))), what);
}

}  // namespace flux::event
