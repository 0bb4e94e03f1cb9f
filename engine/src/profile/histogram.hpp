// Log histograms: counts of durations in buckets, 32 to an octave.
//
// A value of b binary digits stands in bucket n, if b <= 6; else its leading 6 digits, of which the
// first is always 1, choose one of the 32 buckets of its octave. An octave has memory once there is
// something in it, for durations in one place seldom spread over more than a few.

#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace flux::profile {

class Histogram {
 public:
  static constexpr unsigned per_octave = 32;

  static constexpr std::size_t bucket_of(std::uint64_t value) noexcept {
    constexpr unsigned digits = 6;
    const auto width = static_cast<unsigned>(std::bit_width(value));
    const unsigned shift = width > digits ? width - digits : 0;
    return per_octave * shift + (value >> shift);
  }

  // Without memory for an octave its values are counted, but in no bucket.
  void add(std::uint64_t value, std::uint64_t times = 1) noexcept;
  void merge(const Histogram& other) noexcept;

  // Forget the values, and keep the memory.
  void clear() noexcept;

  std::uint64_t count() const noexcept { return count_; }
  std::uint64_t total() const noexcept { return total_; }
  std::uint64_t max() const noexcept { return max_; }

  // Tell each bucket that has values, in order: its number, and how many.
  template <class Tell>
  void each_bucket(Tell tell) const {
    for (std::size_t octave = 0; octave < octaves_.size(); ++octave) {
      for (std::size_t place = 0; octaves_[octave] && place < per_octave; ++place) {
        if (const std::uint64_t count = (*octaves_[octave])[place]) {
          tell(octave * per_octave + place, count);
        }
      }
    }
  }

 private:
  using Octave = std::array<std::uint64_t, per_octave>;

  static constexpr std::size_t most_octaves = 60;  // of 64 binary digits

  Octave* octave(std::size_t number) noexcept;

  std::uint64_t count_ = 0;
  std::uint64_t total_ = 0;
  std::uint64_t max_ = 0;
  std::array<std::unique_ptr<Octave>, most_octaves> octaves_{};
};

static_assert(Histogram::bucket_of(UINT64_MAX) == 60 * Histogram::per_octave - 1);

}  // namespace flux::profile
