// Flows that share processors, all at the same speed: the discipline `ps`.
//
// Virtual time is the processor time that each of them has had. It doesn't matter who comes and
// goes: a flow ends when virtual time has grown by what it needs.

#pragma once

#include <cstddef>
#include <cstdint>
#include <flux/simulator/flows.hpp>
#include <vector>

namespace flux::simulator {

// `own` is what a flow's function needs, which is less than `end` says if it was woken for it.
struct Sharer {
  double end;  // in virtual time
  std::uint64_t order;
  FlowId flow;
  std::uint32_t user;
  double own;
  double since;
};

class Sharing {
 public:
  explicit Sharing(double processors) noexcept : processors_{processors} {}

  std::size_t size() const noexcept { return sharers_.size(); }

  bool empty() const noexcept { return sharers_.empty(); }

  // How many processors are in use.
  double used() const noexcept { return number() < processors_ ? number() : processors_; }

  bool has_idle() const noexcept { return number() < processors_; }

  void advance(double now) noexcept;

  void add(double time, std::uint64_t order, FlowId flow, std::uint32_t user, double own);

  // The one that ends now.
  Sharer pop(double now);

  // One that doesn't end.
  Sharer remove(FlowId flow);

  // What virtual time lacks to an end.
  double rest(const Sharer& sharer) const noexcept;

  // How long the first will take, if nobody comes.
  double delay() const noexcept;

  std::uint64_t due = 0;  // the number of the event that the first expects

 private:
  double number() const noexcept { return static_cast<double>(sharers_.size()); }

  double processors_;
  double virtual_ = 0.0;
  double last_ = 0.0;
  std::vector<Sharer> sharers_{};  // a heap: the first to end in front
};

}  // namespace flux::simulator
