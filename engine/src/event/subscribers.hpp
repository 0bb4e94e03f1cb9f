// Who hears of all that happens to some descriptors of a loop, outside of fibers.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace flux::event {

class Subscriber {
 public:
  virtual void heard(std::uint64_t token, std::uint32_t events) noexcept = 0;

  // The loop is about to go.
  virtual void abandoned() noexcept = 0;

 protected:
  ~Subscriber() = default;
};

// All of a loop's; descriptors know theirs by its number.
class Subscribers {
 public:
  // A number for the subscriber's descriptors; 0 if there are too many subscribers.
  std::uint8_t add(Subscriber& subscriber) noexcept {
    for (std::size_t index = 0; index < all_.size(); ++index) {
      if (all_[index] == nullptr) {
        all_[index] = &subscriber;
        return static_cast<std::uint8_t>(index + 1);
      }
    }
    if (all_.size() == most) {
      return 0;
    }
    all_.push_back(&subscriber);
    return static_cast<std::uint8_t>(all_.size());
  }

  void remove(std::uint8_t number) noexcept { all_[number - 1U] = nullptr; }

  // Something has happened to a descriptor of that one's; 0: it is nobody's.
  void tell(std::uint8_t number, std::uint64_t token, std::uint32_t events) noexcept {
    if (number != 0 && all_[number - 1U] != nullptr) {
      all_[number - 1U]->heard(token, events);
    }
  }

  // The loop is about to go.
  void abandon() noexcept {
    for (Subscriber* const each : all_) {
      if (each != nullptr) {
        each->abandoned();
      }
    }
  }

 private:
  static constexpr std::size_t most = 255;

  std::vector<Subscriber*> all_{};
};

}  // namespace flux::event
