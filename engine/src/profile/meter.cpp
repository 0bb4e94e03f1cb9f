#include <algorithm>
#include <flux/flow.hpp>
#include <flux/meter.hpp>
#include <flux/source.hpp>
#include <utility>

#include "../event/loop.hpp"
#include "../trace/record.hpp"
#include "kinds.hpp"
#include "profiler.hpp"
#include "ticks.hpp"

namespace flux {

namespace {

using namespace profile::kinds;
using profile::between;
using profile::cpu_between;
using profile::thread_cpu;
using profile::ticks;

// That of the flow which a thread carries; fibers know theirs.
Meter*& carried() noexcept {
  thread_local Meter* meter = nullptr;
  return meter;
}

}  // namespace

Meter::Meter() noexcept = default;

Meter::~Meter() = default;

Meter* Meter::current() noexcept {
  if (event::Fiber* const fiber = event::Loop::fiber()) {
    const Task* const work = fiber->work();
    return work != nullptr ? work->flow.meter() : nullptr;
  }
  return carried();
}

Meter* Meter::carry(Meter* meter) noexcept { return std::exchange(carried(), meter); }

void Meter::begin(profile::Profiler& profiler, const Flow& flow, const Source& source) noexcept {
  flow_ = &flow;
  source_ = &source;
  begun_ = last_ = ticks();
  profiler_ = &profiler;
  wall_ = waiting_ = queued_ = 0;
  if (asks_cpu_) {
    cpu_ = cpu_spent_ = 0;
  }
  events_count_ = 0;
  is_queued_.store(false, std::memory_order_relaxed);
  holdings_count_.store(0, std::memory_order_relaxed);
  attach();
}

void Meter::called(const Node& node, Role role) noexcept { step(returned, node, role); }

void Meter::failed(const Node& node, Role role) noexcept { step(threw, node, role); }

// What opens a turn may have waited for days: its time isn't the flow's.
void Meter::step(std::uint64_t kind, const Node& node, Role role) noexcept {
  if (!is_timed()) {
    return;
  }
  if (role == Role::opening) {
    if (const std::uint64_t since = flow_->opening_since()) {
      note(kind + bits(role), &node, between(since, begun_));
    }
    return;
  }
  const std::uint64_t now = ticks();
  note(kind + bits(role), &node, between(last_, now));
  last_ = std::max(last_, now);
  if (asks_cpu_) [[unlikely]] {
    note(used_cpu + bits(role), &node, take_cpu());
    last_ = std::max(last_, ticks());  // asking takes longer than many calls
  }
}

void Meter::takes(const Held& its, std::uint64_t session) noexcept {
  const std::uint32_t depth = holdings_count_.load(std::memory_order_relaxed);
  if (depth < holdings_.size()) {
    Holding& seen = holdings_[depth];
    seen.name.store(its.name, std::memory_order_relaxed);
    seen.session.store(session, std::memory_order_relaxed);
    seen.reads.store(its.reads, std::memory_order_relaxed);
    seen.is_of_session.store(its.is_of_session, std::memory_order_relaxed);
    seen.is_taken.store(false, std::memory_order_relaxed);
  }
  holdings_count_.store(depth + 1, std::memory_order_release);
}

void Meter::taken(Held& its, bool has_waited) noexcept {
  if (has_waited && is_timed()) {
    const std::uint64_t now = ticks();
    note(waited + bits(its), its.name, between(last_, now));
    last_ = std::max(last_, now);
  }
  its.has_waited = has_waited;
  its.since = last_;
  const std::uint32_t depth = holdings_count_.load(std::memory_order_relaxed);
  if (depth <= holdings_.size()) {
    holdings_[depth - 1].is_taken.store(true, std::memory_order_relaxed);
  }
}

void Meter::gives_back(const Held& its) noexcept {
  if (is_timed()) {
    note((its.has_waited ? held : held_at_once) + bits(its), its.name, between(its.since, last_));
  }
}

void Meter::left() noexcept { holdings_count_.fetch_sub(1, std::memory_order_relaxed); }

void Meter::handed_over() noexcept {
  detach();
  is_queued_.store(true, std::memory_order_relaxed);
}

void Meter::taken_up() noexcept {
  if (is_timed()) {
    const std::uint64_t now = ticks();
    note(queued, nullptr, between(last_, now));
    last_ = std::max(last_, now);
  }
  is_queued_.store(false, std::memory_order_relaxed);
  attach();
}

void Meter::pause() noexcept { cpu_spent_ += cpu_between(cpu_since_, thread_cpu()); }

void Meter::resume() noexcept { cpu_since_ = thread_cpu(); }

void Meter::attach() noexcept {
  event::Fiber* const fiber = event::Loop::fiber();
  if (fiber == nullptr) {
    carry(this);
  } else if (asks_cpu_) {
    fiber->meter = this;
  }
  if (asks_cpu_) {
    resume();
  }
}

void Meter::detach() noexcept {
  event::Fiber* const fiber = event::Loop::fiber();
  Meter*& place = fiber != nullptr ? fiber->meter : carried();
  if (place == this) {
    place = nullptr;
  }
}

// The processor time since it was asked last.
std::uint64_t Meter::take_cpu() noexcept {
  const std::uint64_t now = thread_cpu();
  const std::uint64_t used = cpu_spent_ + cpu_between(cpu_since_, now);
  cpu_spent_ = 0;
  cpu_since_ = now;
  cpu_ += used;
  return used;
}

void Meter::note(std::uint64_t kind, const void* what, std::uint64_t value) noexcept {
  constexpr std::uint64_t most = (std::uint64_t{1} << 56) - 1;
  if (events_count_ == events_.size()) [[unlikely]] {
    profiler_->empty(*this);
  }
  Event& event = events_[events_count_++];
  event.what = what;
  event.kind = kind & 0xff;
  event.value = std::min(value, most) & most;
}

}  // namespace flux
