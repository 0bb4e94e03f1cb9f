// How many of a source's flows are timed, and for how many each of these stands.
//
// To look at the clock and to count what it says costs more than some nodes do. So all flows are
// timed while they come slowly, and many of a rush; of more, it is a share, by chance, and each
// that is timed counts for as many as it stands for. The share follows from the flows before.
//
// A rush is as long as there were fewer flows before than might have been timed: else a server that
// pauses every now and then would time them all.

#pragma once

#include <cstdint>

namespace flux::profile {

class Pace {
 public:
  static constexpr std::uint64_t slow = 10'000;  // flows a second, all of which are timed
  static constexpr std::uint64_t rush = 65'536;  // flows that are timed although they come faster
  static constexpr std::uint64_t most = 64;      // for how many one may stand
  static constexpr std::uint64_t block = 512;    // flows that tell the rate, or those of a second

  // For how many flows one stands: a power of 2.
  std::uint64_t weight() const noexcept { return weight_; }

  // Flows have begun, in so many nanoseconds.
  void began(std::uint64_t flows, std::uint64_t passed) noexcept;

 private:
  std::uint64_t weight_ = 1;
  std::uint64_t rush_left_ = rush;
  std::uint64_t flows_ = 0;
  std::uint64_t passed_ = 0;
};

}  // namespace flux::profile
