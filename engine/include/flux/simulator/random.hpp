// The stream of chance: the Mersenne Twister (Matsumoto and Nishimura, 1998) as Python seeds it and
// makes doubles of it, so that equal seeds give equal runs in both engines.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace flux::simulator {

class Random {
 public:
  // As `random.Random(seed)` does: by the seed's words of 32 bits, the lowest first.
  explicit Random(std::uint64_t seed) noexcept;

  // At least 0, less than 1, with 53 bits of chance.
  double uniform() noexcept {
    const std::uint32_t high = next() >> 5;
    const std::uint32_t low = next() >> 6;
    return (high * 67108864.0 + low) * (1.0 / 9007199254740992.0);
  }

 private:
  static constexpr std::size_t size = 624;

  std::uint32_t next() noexcept {
    if (place_ == size) {
      refill();
    }
    std::uint32_t word = state_[place_++];
    word ^= word >> 11;
    word ^= (word << 7) & 0x9d2c5680U;
    word ^= (word << 15) & 0xefc60000U;
    return word ^ (word >> 18);
  }

  void refill() noexcept;

  std::array<std::uint32_t, size> state_{};
  std::size_t place_ = size;
};

}  // namespace flux::simulator
