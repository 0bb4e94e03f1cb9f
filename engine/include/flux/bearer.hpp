// What carries a flow, as locks see it: something that sleeps and is woken.
//
// A bearer has one wake-up in store at most. Who parks takes it, or sleeps until there is one; so
// a wake-up that comes early is not lost. Locks wake a bearer once for each time that it parks.

#pragma once

#include <chrono>

namespace flux {

class Bearer {
 public:
  virtual void park() noexcept = 0;
  virtual void unpark() noexcept = 0;

  // Park until a moment at most; whether there was a wake-up. Whoever would have given one later
  // must be kept from it: the next `park` would take it.
  virtual bool park_until(std::chrono::steady_clock::time_point deadline) noexcept = 0;

 protected:
  ~Bearer() = default;
};

// What carries the flow that asks.
Bearer& current_bearer() noexcept;

}  // namespace flux
