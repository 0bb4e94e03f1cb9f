#include "histogram.hpp"

#include <algorithm>
#include <new>

namespace flux::profile {

void Histogram::add(std::uint64_t value, std::uint64_t times) noexcept {
  count_ += times;
  total_ += value * times;
  max_ = std::max(max_, value);
  const std::size_t bucket = bucket_of(value);
  if (Octave* const its = octave(bucket / per_octave)) [[likely]] {
    (*its)[bucket % per_octave] += times;
  }
}

void Histogram::merge(const Histogram& other) noexcept {
  count_ += other.count_;
  total_ += other.total_;
  max_ = std::max(max_, other.max_);
  for (std::size_t number = 0; number < octaves_.size(); ++number) {
    const Octave* const from = other.octaves_[number].get();
    Octave* const into = from != nullptr ? octave(number) : nullptr;
    for (std::size_t place = 0; into != nullptr && place < per_octave; ++place) {
      (*into)[place] += (*from)[place];
    }
  }
}

void Histogram::clear() noexcept {
  count_ = total_ = max_ = 0;
  for (const auto& each : octaves_) {
    if (each) {
      each->fill(0);
    }
  }
}

Histogram::Octave* Histogram::octave(std::size_t number) noexcept {
  auto& its = octaves_[number];
  if (!its) [[unlikely]] {
    its.reset(new (std::nothrow) Octave{});
  }
  return its.get();
}

}  // namespace flux::profile
