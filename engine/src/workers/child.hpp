// The first moments of a worker: it parts from its parent, but doesn't outlive it.

#pragma once

#include <sys/types.h>

namespace flux::workers {

// Let this process, which was forked from that parent, be a worker. It has a process group of its
// own, so that Ctrl-C reaches the parent only, which hands it on once: a second signal would be
// taken for impatience. For the same reason it has no terminal to read from. The system sends it
// SIGTERM when its parent has died.
void part_from(pid_t parent) noexcept;

}  // namespace flux::workers
