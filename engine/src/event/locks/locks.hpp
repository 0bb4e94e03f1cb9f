// The locks of pthreads, as fibers see them: who waits is the fiber, not its loop.

#pragma once

namespace flux::event {

// A call to this, from anywhere, links all of them into a program, even if only shared libraries
// use them.
void link_locks() noexcept;

}  // namespace flux::event
