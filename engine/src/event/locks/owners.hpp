// Which fiber owns which mutex, for those mutexes that know their owner.
//
// To libc all fibers of a loop are one thread, so it lets each of them into a recursive mutex that
// one of them owns. Between loops it knows them apart. So each loop keeps a table of its own, for
// those that its fibers own now, which nobody else sees.

#pragma once

#include <cstddef>
#include <vector>

namespace flux::event {

class Fiber;

struct Owner {
  const void* mutex = nullptr;
  Fiber* fiber = nullptr;
  unsigned depth = 0;
};

// A hash table with open addresses.
class Owners {
 public:
  // Those of the loop, and so of the thread, that asks.
  static Owners& here() noexcept;

  // Null if no fiber of this loop owns it.
  Owner* find(const void* mutex) noexcept;

  // Make room for one more; false if there is no memory.
  bool prepare() noexcept;
  void add(const void* mutex, Fiber& fiber) noexcept;
  void remove(Owner& owner) noexcept;

 private:
  std::size_t home_of(const void* mutex) const noexcept;
  std::size_t after(std::size_t place) const noexcept { return (place + 1) & (table_.size() - 1); }

  std::vector<Owner> table_{};  // of a size that is a power of two, or empty
  std::size_t count_ = 0;
};

}  // namespace flux::event
