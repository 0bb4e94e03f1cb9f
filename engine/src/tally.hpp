// Ends of flows, counted by how they ended.

#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <flux/way.hpp>

namespace flux {

struct Ends {
  std::uint64_t finished = 0;
  std::uint64_t handled = 0;
  std::uint64_t failed = 0;

  Ends& operator+=(const Ends& other) noexcept {
    finished += other.finished;
    handled += other.handled;
    failed += other.failed;
    return *this;
  }
};

// On a cache line of its own, for each thread that carries many flows has one. Who sees an end sees
// all that came before it: a flow that has ended counts as started.
class alignas(64) Tally {
 public:
  void count(Outcome outcome) noexcept {
    counts_[static_cast<std::size_t>(outcome)].fetch_add(1, std::memory_order_release);
  }

  Ends ends() const noexcept {
    return {counts_[0].load(std::memory_order_acquire), counts_[1].load(std::memory_order_acquire),
            counts_[2].load(std::memory_order_acquire)};
  }

 private:
  std::array<std::atomic<std::uint64_t>, 3> counts_{};
};

}  // namespace flux
