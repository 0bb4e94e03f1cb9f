// The type that flows in lock.flux.

#pragma once

#include <cstddef>

// A line of the schedule: its place, and seconds after the start, before, under and after the lock.
struct Job {
  std::size_t place = 0;
  double due = 0;
  double before = 0;
  double held = 0;
  double after = 0;
};
