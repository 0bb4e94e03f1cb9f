// What carries flows, as one writes it for the purpose: without errors, counts, stopping.

#pragma once

#include <cstddef>
#include <cstdint>

namespace by_hand {

// Flows of `Six`: so many, by threads that share a bounded queue.
void pool(std::size_t threads, std::size_t queue);

// The same, each by a thread of its own, with so many alive at a time.
void thread(std::ptrdiff_t most);

}  // namespace by_hand
