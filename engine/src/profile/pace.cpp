#include "pace.hpp"

#include <algorithm>
#include <bit>

namespace flux::profile {

namespace {

constexpr std::uint64_t second = 1'000'000'000;

// So many flows in a time stand for each that is timed: as many as come in that of a slow one.
std::uint64_t weight_of(std::uint64_t flows, std::uint64_t passed) noexcept {
  const std::uint64_t slowly = std::max<std::uint64_t>(passed / (second / Pace::slow), 1);
  return std::min(std::bit_ceil((flows + slowly - 1) / slowly), Pace::most);
}

}  // namespace

void Pace::began(std::uint64_t flows, std::uint64_t passed) noexcept {
  flows_ += flows;
  passed_ += passed;
  if (flows_ < block && passed_ < second) [[likely]] {
    return;
  }
  const std::uint64_t weight = weight_of(flows_, passed_);
  rush_left_ = weight == 1 ? rush : rush_left_ - std::min(rush_left_, flows_);
  weight_ = rush_left_ != 0 ? 1 : weight;
  flows_ = passed_ = 0;
}

}  // namespace flux::profile
