// Children of `vfork` run in their parent's memory: there they would close descriptors for which
// the parent's fibers wait. They get a memory of their own.

#include <unistd.h>

#include "../event/calls/call.hpp"

FLUX_INTERCEPTED pid_t vfork() noexcept { return ::fork(); }
