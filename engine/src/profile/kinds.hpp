// The kinds of events that a meter notes. The low bits of each say in which role, or how a
// constraint is taken. What was taken at once is told when it is given back: most constraints are.

#pragma once

#include <cstdint>
#include <flux/held.hpp>
#include <flux/meter.hpp>

namespace flux::profile::kinds {

enum Kind : std::uint64_t {
  returned = 0,
  threw = 4,
  used_cpu = 8,
  waited = 12,
  held = 16,
  held_at_once = 20,
  queued = 24,
};
inline constexpr std::uint64_t low_bits = 3;

inline std::uint64_t bits(Role role) noexcept { return static_cast<std::uint64_t>(role); }

inline std::uint64_t bits(const Held& its) noexcept {
  return (its.reads ? 1u : 0u) + (its.is_of_session ? 2u : 0u);
}

// Whether a kind of event is a step of the flow, which takes time of its own.
inline bool is_step(std::uint64_t kind) noexcept {
  const std::uint64_t its = kind & ~low_bits;
  const bool is_call = its == returned || its == threw;
  return is_call ? (kind & low_bits) != bits(Role::opening) : its == waited || its == queued;
}

}  // namespace flux::profile::kinds
