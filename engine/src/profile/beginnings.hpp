// The beginnings of one source's flows: how many there were, and how long after each other.
//
// Each gap counts, but to count one touches three lines of the cache. So those of flows that come
// fast wait until there are a few.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "ledger.hpp"
#include "pace.hpp"

namespace flux::profile {

class alignas(64) Beginnings {
 public:
  // For how many of the next flows one that is timed stands.
  std::uint64_t weight() const noexcept { return pace_.weight(); }

  // A flow has begun: the first one, or so many nanoseconds after the one before it.
  void began() noexcept { ++started_; }
  void began(std::uint64_t after, SourceCounts& counts) noexcept;

  // Count those that wait.
  void file(SourceCounts& counts) noexcept;

 private:
  Pace pace_{};
  std::uint64_t started_ = 0;
  std::size_t waiting_ = 0;
  std::array<std::uint64_t, 24> gaps_{};  // ns
};

}  // namespace flux::profile
