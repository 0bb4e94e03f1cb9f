// The engine's runtimes in virtual time: their real code, on real threads, one of which runs at a
// time, or on the fibers of one loop. The twin of virtual.py.
//
// Whoever runs goes on until it has to wait. Then the next of the agenda goes on, which are those
// that got at this instant what they waited for, first come, first served; if there are none, the
// clock jumps to the next time that somebody waits for. So what a runtime does depends on nothing
// but its own code, and nobody ever sleeps.
//
// What the engine waits in (`futex.hpp`), what it makes threads with (`threads.hpp`), and the clock
// by which its locks lose patience are defined here, in the place of the engine's own. A loop is
// left alone: a fiber beside the others lets time pass when none of them is ready.
#pragma once

#include <cstdint>

namespace virtual_time {

using Nanoseconds = std::int64_t;

// The clock begins to go when so many threads are there, or so many fibers sleep.
void begin(int expected);

// Since the beginning.
Nanoseconds now();

// Let others run until then.
void sleep_until(Nanoseconds time);

// All has happened that will: the fiber that lets time pass may end.
void end();

}  // namespace virtual_time
