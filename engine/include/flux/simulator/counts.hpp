// What a run has come to, and that as JSON: see `flux/simulation/result.py`.
//
// An integral over time costs one addition where its level changes: a rise at time t takes t off, a
// fall adds it, and level times time is added when it is read. All sums are made in the same order
// as in Python.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace flux::simulator {

struct FunctionUse {
  std::uint64_t calls = 0;
  double cpu = 0.0;
  double waiting = 0.0;
  double io = 0.0;
  double beginning = 0.0;
};

struct ConstraintUse {
  std::uint64_t taken = 0;
  std::uint64_t contended = 0;
  double waiting = 0.0;
  double holding = 0.0;
  double busy = 0.0;
  std::uint64_t waiters = 0;
  std::uint64_t holders = 0;

  // Forget what was before now; those who wait and hold it still do.
  void restart(double now) noexcept {
    taken = contended = 0;
    waiting = -static_cast<double>(waiters) * now;
    holding = -static_cast<double>(holders) * now;
    busy = -(holders != 0 ? 1.0 : 0.0) * now;
  }

  void finish(double now) noexcept {
    waiting += static_cast<double>(waiters) * now;
    holding += static_cast<double>(holders) * now;
    busy += (holders != 0 ? 1.0 : 0.0) * now;
  }
};

// Times of the flows that went one route, added up part by part of a run.
class Latencies {
 public:
  void add(double time);

  // The sum of those of the part that is over.
  double end_part() noexcept;

  void print() const;

 private:
  std::uint64_t& count_of(std::size_t bucket);

  double part_ = 0.0;
  double total_ = 0.0;
  double squares_ = 0.0;
  double longest_ = 0.0;
  std::uint64_t count_ = 0;
  // Octaves in which there are none are empty: there may be many routes.
  std::vector<std::vector<std::uint64_t>> octaves_{};
};

// Sums of all flows, or of all that there is of something.
struct Totals {
  double elapsed = 0.0;
  std::uint64_t arrived = 0;
  std::uint64_t dropped = 0;
  double processors = 0.0;
  double gil = 0.0;
  double threads = 0.0;
  double outside = 0.0;
  double queued = 0.0;
  double inside = 0.0;
};

// Some values in a row.
template <class Value>
struct Row {
  const Value* first;
  std::size_t size;

  const Value* begin() const noexcept { return first; }
  const Value* end() const noexcept { return first + size; }
};

// All of the result.
void print(const Totals& totals, Row<FunctionUse> functions, Row<ConstraintUse> constraints,
           Row<Latencies> routes, Row<double> batches);

// How many flows are inside, and where they wait, in the order of
// `flux/simulation/engines/waiting.py`.
void print_saturated(Row<std::uint64_t> waiting);

void print_stalled();

}  // namespace flux::simulator
