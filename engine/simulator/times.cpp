#include <cmath>
#include <cstddef>
#include <flux/simulator/times.hpp>
#include <utility>
#include <vector>

namespace flux::simulator {
namespace {

double exponential(double scale, Random& random) noexcept {
  return std::log2(1.0 - random.uniform()) * scale;
}

}  // namespace

std::size_t choose(const double* totals, std::size_t size, Random& random) noexcept {
  const double wanted = random.uniform() * totals[size - 1];
  std::size_t chosen = 0;
  while (chosen + 1 < size && totals[chosen] <= wanted) {
    ++chosen;
  }
  return chosen;
}

Time::Time(TimeKind kind, std::vector<double> numbers) noexcept
    : kind_{kind}, first_{numbers[0]}, numbers_{std::move(numbers)} {}

double Time::draw(Random& random) const noexcept {
  if (kind_ == TimeKind::exponential) [[likely]] {
    return exponential(first_, random);
  }
  return kind_ == TimeKind::constant ? first_ : draw_other(random);
}

double Time::draw_other(Random& random) const noexcept {
  switch (kind_) {
    case TimeKind::uniform:
      return numbers_[0] + numbers_[1] * random.uniform();
    case TimeKind::erlang:
      return draw_erlang(random);
    case TimeKind::lognormal:
      return draw_lognormal(random);
    case TimeKind::hyperexponential:
      return exponential(numbers_[half() + choose(numbers_.data(), half(), random)], random);
    default:
      return draw_empirical(random);
  }
}

double Time::draw_erlang(Random& random) const noexcept {
  double total = 0.0;
  for (double part = 0.0; part < numbers_[1]; part += 1.0) {
    total += std::log2(1.0 - random.uniform());
  }
  return total * numbers_[0];
}

double Time::draw_lognormal(Random& random) const noexcept {
  constexpr double pi = 3.141592653589793;
  const double radius = std::sqrt(-2.0 * std::log(1.0 - random.uniform()));
  return std::exp(numbers_[0] + numbers_[1] * (radius * std::cos(2.0 * pi * random.uniform())));
}

double Time::draw_empirical(Random& random) const noexcept {
  const double* bounds = numbers_.data() + half();
  const std::size_t bucket = choose(numbers_.data(), half(), random);
  return bounds[bucket] + (bounds[bucket + 1] - bounds[bucket]) * random.uniform();
}

}  // namespace flux::simulator
