#include <algorithm>
#include <flux/error.hpp>
#include <flux/flow.hpp>
#include <flux/meter.hpp>
#include <flux/node.hpp>
#include <flux/source.hpp>
#include <utility>

#include "../event/loop.hpp"
#include "../trace/record.hpp"
#include "ledger.hpp"
#include "profiler.hpp"
#include "ticks.hpp"

namespace flux {

namespace {

using profile::between;
using profile::cpu_between;
using profile::thread_cpu;
using profile::ticks;

// The kinds of events; the low bits of each say in which role, or how a constraint is taken. What
// was taken at once is told when it is given back: most constraints are.
enum Kind : std::uint64_t {
  returned = 0,
  threw = 4,
  used_cpu = 8,
  waited = 12,
  held = 16,
  held_at_once = 20,
  queued = 24,
};
constexpr std::uint64_t low_bits = 3;

std::uint64_t bits(Role role) noexcept { return static_cast<std::uint64_t>(role); }

std::uint64_t bits(const Held& its) noexcept {
  return (its.reads ? 1u : 0u) + (its.is_of_session ? 2u : 0u);
}

// Whether a kind of event is a step of the flow, which takes time of its own.
bool is_step(std::uint64_t kind) noexcept {
  const std::uint64_t its = kind & ~low_bits;
  const bool is_call = its == returned || its == threw;
  return is_call ? (kind & low_bits) != bits(Role::opening) : its == waited || its == queued;
}

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

std::string Meter::traceparent() const {
  if (!record_) {
    return {};
  }
  const trace::Context& own = record_->context;
  return own.is_sampled ? own.of_step(record_->count() + steps()).text() : own.text();
}

void Meter::join(std::string_view traceparent) {
  const auto caller = trace::Context::parse(traceparent);
  if (!caller || !profiler_->traces()) {
    return;
  }
  if (!caller->is_sampled) {
    record_ = std::make_unique<trace::Record>(*caller);
    return;
  }
  if (!record_ || !record_->context.is_sampled) {
    record_ = std::make_unique<trace::Record>(trace::Context::random());
    record_->skipped = wall_;
  }
  record_->context.trace = caller->trace;
  record_->parent = caller->span;
}

void Meter::failed_by(const Error& error) noexcept {
  const bool is_traced = record_ && record_->context.is_sampled && events_count_ != 0;
  if (!is_traced || (events_[events_count_ - 1].kind & ~low_bits) != threw) {
    return;
  }
  try {
    record_->messages.emplace_back(record_->count() + steps() - 1, describe(error));
  } catch (const std::bad_alloc&) {
  }
}

// Those that are not written down yet.
std::uint64_t Meter::steps() const noexcept {
  const auto* const begin = events_.data();
  return static_cast<std::uint64_t>(std::count_if(
      begin, begin + events_count_, [](const Event& event) { return is_step(event.kind); }));
}

// Its events as the steps of a trace.
void Meter::write_down(const profile::TickLength& length) {
  using Kind = trace::Step::Kind;
  for (std::size_t each = 0; each < events_count_; ++each) {
    const Event& event = events_[each];
    const std::uint64_t time = length.nanoseconds(event.value);
    const std::uint64_t kind = event.kind & ~low_bits;
    if (!is_step(event.kind)) {
      continue;
    }
    if (kind == queued) {
      record_->add({.kind = Kind::queued, .name = nullptr, .time = time});
    } else if (kind == waited) {
      record_->add({.kind = Kind::waited,
                    .name = static_cast<const char*>(event.what),
                    .time = time,
                    .reads = (event.kind & 1) != 0,
                    .is_of_session = (event.kind & 2) != 0});
    } else {
      record_->add({.kind = kind == threw ? Kind::failed : Kind::called,
                    .name = static_cast<const Node*>(event.what)->name(),
                    .time = time,
                    .role = static_cast<Role>(event.kind & low_bits)});
    }
  }
}

}  // namespace flux
