// The meter of a flow that is traced: the flow's place in its trace, and what happens in it as the
// steps of a record.

#include <algorithm>
#include <flux/error.hpp>
#include <flux/meter.hpp>
#include <flux/node.hpp>
#include <memory>
#include <new>

#include "../trace/record.hpp"
#include "kinds.hpp"
#include "profiler.hpp"
#include "ticks.hpp"

namespace flux {

namespace {

using namespace profile::kinds;

}  // namespace

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
