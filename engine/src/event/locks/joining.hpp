// Waiting for the end of a thread.

#pragma once

#include <pthread.h>

#include "deadlines.hpp"

namespace flux::event {

// Join a thread that is no fiber's; 0, or an errno.
int join_thread(pthread_t thread, void** value, Limit limit, const char* what) noexcept;

void link_joining() noexcept;

}  // namespace flux::event
