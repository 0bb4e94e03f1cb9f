// What the events of a meter come to: they are entered in a ledger, and added up on the path of the
// flow. That is done for many flows, one behind the other, or when a meter has no room for more.

#include <flux/meter.hpp>
#include <flux/node.hpp>
#include <utility>

#include "../trace/record.hpp"
#include "kinds.hpp"
#include "ledger.hpp"
#include "ticks.hpp"

namespace flux {

namespace {

using namespace profile::kinds;

}  // namespace

// What it has come to, on the path on which it has ended.
void Meter::file(profile::Ledger& ledger, const profile::TickLength& length) {
  profile::PathCounts& path = ledger.path({source_, path_, outcome_});
  if (asks_cpu_) {
    share_out(path, length);
  }
  flush(ledger, length);
  count(path);
}

void Meter::flush(profile::Ledger& ledger, const profile::TickLength& length) {
  if (record_) [[unlikely]] {
    write_down(length);
  }
  const std::size_t count = std::exchange(events_count_, 0);
  for (std::size_t each = 0; each < count; ++each) {
    const Event& event = events_[each];
    const std::uint64_t kind = event.kind & ~low_bits;
    const std::uint64_t time = kind == used_cpu ? event.value : length.nanoseconds(event.value);
    if (kind < waited) {
      enter_call(ledger, event, time);
    } else if (kind < queued) {
      enter_constraint(ledger, event, time);
    } else {
      queued_ += time;
      wall_ += time;
    }
  }
}

// Of a flow with many calls, the last ones.
void Meter::share_out(profile::PathCounts& path, const profile::TickLength& length) const {
  for (std::size_t each = 0; each < events_count_; ++each) {
    const Event& event = events_[each];
    const auto role = static_cast<Role>(event.kind & low_bits);
    if ((event.kind & ~low_bits) <= threw && role != Role::opening) {
      path.spend(static_cast<const Node*>(event.what)->number(), length.nanoseconds(event.value));
    }
  }
}

void Meter::count(profile::PathCounts& path) const noexcept {
  ++path.flows;
  if (!is_timed()) {
    return;
  }
  ++path.timed;
  path.wall.add(wall_, weight_);
  path.waiting.add(waiting_, weight_);
  path.queued.add(queued_, weight_);
  if (asks_cpu_) {
    path.cpu.add(cpu_);
  }
}

void Meter::enter_call(profile::Ledger& ledger, const Event& event, std::uint64_t time) {
  const auto role = static_cast<Role>(event.kind & low_bits);
  auto& its = ledger.node(static_cast<const Node*>(event.what)->number(), role);
  const std::uint64_t kind = event.kind & ~low_bits;
  if (kind == used_cpu) {
    its.cpu.add(time);
    return;
  }
  its.wall.add(time, weight_);
  if (kind == threw) {
    its.failures += weight_;
  }
  wall_ += role == Role::opening ? 0 : time;
}

void Meter::enter_constraint(profile::Ledger& ledger, const Event& event, std::uint64_t time) {
  auto& its = ledger.constraint({.name = static_cast<const char*>(event.what),
                                 .reads = (event.kind & 1) != 0,
                                 .is_of_session = (event.kind & 2) != 0});
  switch (event.kind & ~low_bits) {
    case waited:
      its.waiting.add(time, weight_);
      waiting_ += time;
      wall_ += time;
      break;
    case held_at_once:
      its.at_once += weight_;
      [[fallthrough]];
    default:
      its.holding.add(time, weight_);
  }
}

}  // namespace flux
