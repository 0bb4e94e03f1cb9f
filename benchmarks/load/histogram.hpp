// Latencies, counted in buckets whose width grows with the latency: at most 1.6 % of it.

#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstdint>

namespace load {

class Histogram {
 public:
  void add(std::chrono::nanoseconds latency) {
    const auto nanoseconds = static_cast<std::uint64_t>(std::max<std::int64_t>(latency.count(), 0));
    ++counts_[bucket(nanoseconds)];
    ++total_;
    sum_ += nanoseconds;
    longest_ = std::max(longest_, nanoseconds);
  }

  // The latency that this share of all does not exceed, in nanoseconds.
  std::uint64_t quantile(double share) const {
    const auto rank = static_cast<std::uint64_t>(share * static_cast<double>(total_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen > rank) return std::min(upper_end(i), longest_);
    }
    return longest_;
  }

  std::uint64_t longest() const { return longest_; }

  // In nanoseconds, and exact; 0 if there is none.
  double mean() const {
    return total_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(total_);
  }

 private:
  // Below 2^steps a bucket holds one value; above, each doubling has 2^steps buckets.
  static constexpr int steps = 6;
  static constexpr std::uint64_t linear = std::uint64_t{1} << steps;

  static std::size_t bucket(std::uint64_t value) {
    if (value < linear) return value;
    const int shift = static_cast<int>(std::bit_width(value)) - 1 - steps;
    return (static_cast<std::uint64_t>(shift) << steps) + (value >> shift);
  }

  static std::uint64_t upper_end(std::size_t bucket) {
    if (bucket < 2 * linear) return bucket;
    const auto shift = (bucket >> steps) - 1;
    return ((bucket - (shift << steps) + 1) << shift) - 1;
  }

  std::array<std::uint64_t, (64 - steps + 1) * linear> counts_{};
  std::uint64_t total_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t longest_ = 0;
};

}  // namespace load
