// Mutexes, as the other locks need them.

#pragma once

#include <pthread.h>

#include "../fiber.hpp"
#include "deadlines.hpp"

namespace flux::event {

int lock_mutex(Fiber& fiber, pthread_mutex_t& mutex, Time deadline, const char* what) noexcept;

// On a fiber or elsewhere.
int unlock_mutex(pthread_mutex_t& mutex) noexcept;

void link_mutexes() noexcept;

}  // namespace flux::event
