// Waiting for the end of a thread.

#pragma once

#include <pthread.h>
#include <time.h>

namespace flux::event {

// Until when; no time: for ever.
struct Limit {
  clockid_t clock = CLOCK_REALTIME;
  const timespec* time = nullptr;
};

// Join a thread that is no fiber's; 0, or an errno.
int join_thread(pthread_t thread, void** value, Limit limit, const char* what) noexcept;

void link_joining() noexcept;

}  // namespace flux::event
