#include <array>
#include <cstddef>
#include <cstdint>
#include <flux/simulator/random.hpp>

namespace flux::simulator {
namespace {

constexpr std::size_t size = 624;
constexpr std::size_t step = 397;

using State = std::array<std::uint32_t, size>;

std::uint32_t folded(const State& state, std::size_t n) noexcept {
  return state[n - 1] ^ (state[n - 1] >> 30);
}

void fill(State& state, std::uint32_t seed) noexcept {
  state[0] = seed;
  for (std::size_t n = 1; n < size; ++n) {
    state[n] = 1812433253U * folded(state, n) + static_cast<std::uint32_t>(n);
  }
}

// The first number is the last one's successor.
std::size_t following(State& state, std::size_t n) noexcept {
  if (n + 1 < size) {
    return n + 1;
  }
  state[0] = state[size - 1];
  return 1;
}

void mix(State& state, const std::array<std::uint32_t, 2>& key, std::size_t length) noexcept {
  std::size_t n = 1;
  for (std::size_t round = 0; round < size; ++round) {
    const std::size_t word = round % length;
    state[n] =
        (state[n] ^ (folded(state, n) * 1664525U)) + key[word] + static_cast<std::uint32_t>(word);
    n = following(state, n);
  }
  for (std::size_t round = 1; round < size; ++round) {
    state[n] = (state[n] ^ (folded(state, n) * 1566083941U)) - static_cast<std::uint32_t>(n);
    n = following(state, n);
  }
  state[0] = 0x80000000U;
}

std::uint32_t twisted(std::uint32_t high, std::uint32_t low) noexcept {
  const std::uint32_t both = (high & 0x80000000U) | (low & 0x7fffffffU);
  return (both >> 1) ^ ((low & 1U) != 0 ? 0x9908b0dfU : 0U);
}

}  // namespace

Random::Random(std::uint64_t seed) noexcept {
  const std::array<std::uint32_t, 2> key{static_cast<std::uint32_t>(seed),
                                         static_cast<std::uint32_t>(seed >> 32)};
  fill(state_, 19650218);
  mix(state_, key, key[1] != 0 ? 2 : 1);
}

// Three loops, so that no index needs a remainder.
void Random::refill() noexcept {
  for (std::size_t n = 0; n < size - step; ++n) {
    state_[n] = state_[n + step] ^ twisted(state_[n], state_[n + 1]);
  }
  for (std::size_t n = size - step; n < size - 1; ++n) {
    state_[n] = state_[n + step - size] ^ twisted(state_[n], state_[n + 1]);
  }
  state_[size - 1] = state_[step - 1] ^ twisted(state_[size - 1], state_[0]);
  place_ = 0;
}

}  // namespace flux::simulator
