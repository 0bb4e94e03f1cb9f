// What a benchmark says to the nodes of flows.flux.

#pragma once

#include <cstdint>

namespace nodes {

// How many flows `Count` begins until its source ends.
void set_flows(std::int64_t count);

// Nanoseconds that `Int2` works for, in each flow.
void set_work(std::int64_t nanoseconds);

}  // namespace nodes
