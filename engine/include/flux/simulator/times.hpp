// Times that are drawn: what they take from the stream is written in
// `flux/simulation/engines/draws.py`, and computed here by the same steps.

#pragma once

#include <cstddef>
#include <cstdint>
#include <flux/simulator/random.hpp>
#include <vector>

namespace flux::simulator {

// Which of several, by the running totals of their weights.
std::size_t choose(const double* totals, std::size_t size, Random& random) noexcept;

enum class TimeKind : std::uint8_t {
  constant,
  exponential,
  uniform,
  erlang,
  lognormal,
  hyperexponential,
  empirical,
};

class Time {
 public:
  Time() noexcept : Time{TimeKind::constant, {0.0}} {}
  Time(TimeKind kind, std::vector<double> numbers) noexcept;

  double draw(Random& random) const noexcept;

 private:
  double draw_other(Random& random) const noexcept;
  double draw_erlang(Random& random) const noexcept;
  double draw_lognormal(Random& random) const noexcept;
  double draw_empirical(Random& random) const noexcept;

  // Running totals come first; then as many means, times -log(2), or one bound more.
  std::size_t half() const noexcept { return numbers_.size() / 2; }

  TimeKind kind_;
  double first_;
  std::vector<double> numbers_;
};

}  // namespace flux::simulator
