// What changes between the runs of a sweep: numbers, in the order in which `read_input` asks for
// them.

#pragma once

#include <cstddef>
#include <cstdint>
#include <flux/simulator/times.hpp>
#include <vector>

namespace flux::simulator {

struct Arrivals {
  enum class Kind : std::uint8_t { open, recorded, closed };

  Kind kind = Kind::open;
  std::uint64_t size = 1;  // of a burst, or how many clients
  Time time{};             // between arrivals, or for which clients think
  std::vector<double> recorded{};
  std::vector<double> totals{};  // of the weights of its routes
};

struct Input {
  Input();
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  Input(Input&&) noexcept;
  ~Input();

  std::uint64_t seed = 0;
  std::uint64_t flows = 0;
  std::uint64_t warmup = 0;
  std::uint64_t most = 0;
  std::uint32_t processors = 1;
  std::uint64_t threads = 0;
  std::uint64_t places = 0;
  double patience = 0.0;
  double wakeup = 0.0;
  double interval = 0.0;
  double sessions = 1.0;
  Time overhead{};
  double overhead_released = 1.0;  // which part of it doesn't need Python's lock
  std::vector<Time> cpu{};
  std::vector<Time> io{};
  std::vector<double> released{};  // which part of processor time doesn't need Python's lock
  std::vector<Arrivals> arrivals{};
};

// From standard input.
Input read_input(std::size_t functions, std::size_t sources);

}  // namespace flux::simulator
