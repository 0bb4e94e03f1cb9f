#include "owners.hpp"

#include <algorithm>
#include <cstdint>
#include <new>
#include <utility>

namespace flux::event {

Owners& Owners::here() noexcept {
  static thread_local Owners owners;
  return owners;
}

Owner* Owners::find(const void* mutex) noexcept {
  if (count_ == 0) {
    return nullptr;
  }
  std::size_t place = home_of(mutex);
  while (table_[place].mutex != nullptr && table_[place].mutex != mutex) {
    place = after(place);
  }
  return table_[place].mutex == mutex ? &table_[place] : nullptr;
}

// An allocator may use mutexes itself, and other fibers may run meanwhile: nothing is changed
// before there is memory, and what is given back is no part of the table any more.
bool Owners::prepare() noexcept {
  constexpr std::size_t least = 16;
  while (2 * (count_ + 1) > table_.size()) {
    try {
      std::vector<Owner> larger(std::max(least, 2 * table_.size()));
      if (larger.size() <= table_.size()) {
        continue;
      }
      table_.swap(larger);
      count_ = 0;
      for (const Owner& each : larger) {
        if (each.mutex != nullptr) {
          add(each.mutex, *each.fiber);
          find(each.mutex)->depth = each.depth;
        }
      }
    } catch (const std::bad_alloc&) {
      return false;
    }
  }
  return true;
}

void Owners::add(const void* mutex, Fiber& fiber) noexcept {
  std::size_t place = home_of(mutex);
  while (table_[place].mutex != nullptr) {
    place = after(place);
  }
  table_[place] = {mutex, &fiber, 1};
  ++count_;
}

// Those behind it move up, unless that would take them in front of where they are looked for first.
void Owners::remove(Owner& owner) noexcept {
  auto hole = static_cast<std::size_t>(&owner - table_.data());
  const std::size_t mask = table_.size() - 1;
  for (std::size_t place = after(hole); table_[place].mutex != nullptr; place = after(place)) {
    const std::size_t distance = (place - home_of(table_[place].mutex)) & mask;
    if (distance >= ((place - hole) & mask)) {
      table_[hole] = table_[place];
      hole = place;
    }
  }
  table_[hole] = {};
  --count_;
}

std::size_t Owners::home_of(const void* mutex) const noexcept {
  constexpr std::uint64_t golden = 0x9e37'79b9'7f4a'7c15;
  const auto number = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(mutex));
  return static_cast<std::size_t>(number * golden >> 32) & (table_.size() - 1);
}

}  // namespace flux::event
