#include <algorithm>
#include <cstdint>
#include <flux/simulator/sharing.hpp>

namespace flux::simulator {
namespace {

bool is_later(const Sharer& one, const Sharer& other) noexcept {
  return one.end > other.end || (one.end == other.end && one.order > other.order);
}

}  // namespace

void Sharing::advance(double now) noexcept {
  if (!empty()) {
    const double speed = number() <= processors_ ? 1.0 : processors_ / number();
    virtual_ += (now - last_) * speed;
  }
  last_ = now;
}

void Sharing::add(double time, std::uint64_t order, FlowId flow, std::uint32_t user, double own) {
  sharers_.push_back(Sharer{virtual_ + time, order, flow, user, own, last_});
  std::push_heap(sharers_.begin(), sharers_.end(), is_later);
}

Sharer Sharing::pop(double now) {
  std::pop_heap(sharers_.begin(), sharers_.end(), is_later);
  const Sharer first = sharers_.back();
  sharers_.pop_back();
  virtual_ = first.end;
  last_ = now;
  return first;
}

Sharer Sharing::remove(FlowId flow) {
  const auto place = std::find_if(sharers_.begin(), sharers_.end(),
                                  [&](const Sharer& each) { return each.flow == flow; });
  const Sharer removed = *place;
  *place = sharers_.back();
  sharers_.pop_back();
  std::make_heap(sharers_.begin(), sharers_.end(), is_later);
  return removed;
}

double Sharing::rest(const Sharer& sharer) const noexcept {
  return std::max(sharer.end - virtual_, 0.0);
}

double Sharing::delay() const noexcept {
  const double first = rest(sharers_.front());
  return number() > processors_ ? first * (number() / processors_) : first;
}

}  // namespace flux::simulator
