// Places for flows, under `--max-flows`. A source that takes one waits while there is none; the
// first to wait is the first to get one.

#pragma once

#include <cstddef>

#include "condition.hpp"

namespace flux {

class Places {
 public:
  explicit Places(std::size_t number) noexcept : free_{number} {}

  void take() noexcept;
  void give_back() noexcept;

 private:
  ShortLock guard_{};
  std::size_t free_;
  Condition freed_{};
};

}  // namespace flux
