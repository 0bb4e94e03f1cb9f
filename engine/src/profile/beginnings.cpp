#include "beginnings.hpp"

#include <numeric>
#include <span>
#include <utility>

namespace flux::profile {

namespace {

// Flows that come more slowly than this have time to be counted one by one.
constexpr std::uint64_t long_gap = 1'000'000'000 / Pace::slow;

}  // namespace

void Beginnings::began(std::uint64_t after, SourceCounts& counts) noexcept {
  ++started_;
  gaps_[waiting_++] = after;
  if (waiting_ == gaps_.size() || after >= long_gap) {
    file(counts);
  }
}

void Beginnings::file(SourceCounts& counts) noexcept {
  counts.started += std::exchange(started_, 0);
  const std::span gaps{gaps_.data(), std::exchange(waiting_, 0)};
  for (const std::uint64_t each : gaps) {
    counts.gaps.add(each);
  }
  pace_.began(gaps.size(), std::accumulate(gaps.begin(), gaps.end(), std::uint64_t{0}));
}

}  // namespace flux::profile
