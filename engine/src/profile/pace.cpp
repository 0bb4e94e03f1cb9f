#include "pace.hpp"

#include <algorithm>
#include <bit>

namespace flux::profile {

namespace {

constexpr std::uint64_t second = 1'000'000'000;

// How many flows may begin in a time, for all of them to be timed.
std::uint64_t slowly(std::uint64_t passed) noexcept {
  return std::max<std::uint64_t>(passed / (second / Pace::slow), 1);
}

}  // namespace

void Pace::began(std::uint64_t flows, std::uint64_t passed) noexcept {
  flows_ += flows;
  passed_ += passed;
  if (flows_ < block && passed_ < second) [[likely]] {
    return;
  }
  const std::uint64_t few = slowly(passed_);
  rush_left_ = flows_ <= few ? std::min(rush_left_ + few - flows_, rush)
                             : rush_left_ - std::min(rush_left_, flows_);
  weight_ = rush_left_ != 0 ? 1 : std::min(std::bit_ceil((flows_ + few - 1) / few), most);
  flows_ = passed_ = 0;
}

}  // namespace flux::profile
