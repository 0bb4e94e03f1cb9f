// Sleeping until a word changes: the one thing that the engine asks of the kernel to wait.
//
// Everything in the engine that waits is made of this: the mutexes and condition variables of
// pthreads belong to the program's nodes, and an event runtime gives these another meaning.

#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace flux {

using Deadline = std::chrono::steady_clock::time_point;

// Sleep if the word has this value, until a wake-up, the deadline, or for no reason.
void futex_wait(const std::atomic<std::uint32_t>& word, std::uint32_t value,
                std::optional<Deadline> deadline = {}) noexcept;

// Nothing is read at this address: what stood there may be gone by now.
void futex_wake_one(const std::atomic<std::uint32_t>& word) noexcept;
void futex_wake_all(const std::atomic<std::uint32_t>& word) noexcept;

}  // namespace flux
