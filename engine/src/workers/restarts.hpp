// When a worker that has died is replaced: soon, then later and later, and not for ever.

#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace flux::workers {

// The deaths of one worker and of those that took its place.
class Restarts {
 public:
  using Milliseconds = std::chrono::milliseconds;

  static constexpr Milliseconds first_delay{100};
  static constexpr Milliseconds longest_delay{2000};
  static constexpr Milliseconds steady{10'000};  // then a death says nothing of the next one
  static constexpr int most = 10;                // in a row, of workers that didn't serve so long

  // How long until the next one starts, when one has died that served so long; none is never. The
  // first is replaced at once.
  std::optional<Milliseconds> delay(Milliseconds served) noexcept {
    failures_ = served >= steady ? 1 : failures_ + 1;
    if (failures_ > most) return std::nullopt;
    if (failures_ == 1) return Milliseconds{0};
    return std::min(first_delay * (1 << (failures_ - 2)), longest_delay);
  }

 private:
  int failures_ = 0;
};

}  // namespace flux::workers
