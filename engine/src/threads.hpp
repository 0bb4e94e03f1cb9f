// Making threads that nobody joins.

#pragma once

namespace flux {

// Start a thread; 0, or the error number if the system can't make another.
int start_thread(void* (*run)(void*), void* argument) noexcept;

// Name the calling thread, for debuggers and `top`.
void name_thread(const char* name) noexcept;

}  // namespace flux
