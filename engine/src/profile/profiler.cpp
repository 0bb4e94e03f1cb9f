#include "profiler.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <flux/error.hpp>
#include <flux/flow.hpp>
#include <new>
#include <thread>
#include <utility>

namespace flux::profile {

namespace {

constexpr std::size_t most_shards = 64;

// A power of 2.
std::size_t count_shards(std::size_t threads) noexcept {
  const std::size_t processors = std::thread::hardware_concurrency();
  return std::min(std::bit_ceil(std::max<std::size_t>({threads, processors, 4})), most_shards);
}

// A thread writes where few others do. From 1 on, so that a thread's own needs no guard.
std::size_t number_of_thread() noexcept {
  static std::atomic<std::size_t> last{0};
  constinit thread_local std::size_t own = 0;
  if (own == 0) [[unlikely]] {
    own = last.fetch_add(1, std::memory_order_relaxed) + 1;
  }
  return own;
}

double since_1970() noexcept {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::uint64_t nanoseconds_since_1970() noexcept {
  const std::chrono::nanoseconds since = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(since.count());
}

}  // namespace

Profiler::Profiler(const std::vector<Source>& sources, std::size_t threads)
    : sources_{sources},
      shards_(count_shards(threads)),
      spread_(sources.size()),
      latest_(sources.size()),
      nothing_{sources.begin(), sources.end()} {}

void Profiler::start() {
  const std::scoped_lock guarded{reading_};
  if (is_on()) {
    return;
  }
  length_.settle();
  std::uint64_t seed = 0x9E37'79B9'7F4A'7C15u;
  for (Shard& shard : shards_) {
    shard.prepare(sources_, seed *= 0x2545'F491'4F6C'DD1Du);
  }
  for (auto& each : latest_) {
    each.store(0, std::memory_order_relaxed);
  }
  began_ = began_ == 0 ? since_1970() : began_;
  on_since_ = steady();
  cpu_since_ = process_cpu();
  turn(true);
}

void Profiler::stop() noexcept {
  const std::scoped_lock guarded{reading_};
  if (is_on()) {
    turn(false);
    elapsed_ += between(on_since_, steady());
    cpu_ += between(cpu_since_, process_cpu());
  }
}

void Profiler::clear() {
  const std::scoped_lock guarded{reading_};
  collect();
  whole_ = Ledger{};
  began_ = is_on() ? since_1970() : 0;
  elapsed_ = cpu_ = 0;
  on_since_ = steady();
  cpu_since_ = process_cpu();
}

void Profiler::trace(std::uint64_t every, trace::Sink& sink) noexcept {
  traced_every_ = every;
  traces_ = &sink;
}

void Profiler::spreads(const Source& source) noexcept {
  spread_[number_of(source)].store(true, std::memory_order_relaxed);
}

std::size_t Profiler::number_of(const Source& source) const noexcept {
  return static_cast<std::size_t>(&source - sources_.data());
}

Shard& Profiler::own_shard() noexcept { return shards_[number_of_thread() & (shards_.size() - 1)]; }

Meter* Profiler::begin(const Flow& flow, const Source& source) noexcept try {
  Shard& shard = own_shard();
  const std::size_t number = number_of(source);
  const std::scoped_lock guarded{shard.guard};
  auto meter = shard.take_spare();
  meter->shard_ = static_cast<std::uint8_t>(&shard - shards_.data());
  choose(*meter, shard, number);
  meter->begin(*this, flow, source);
  count_beginning(*meter, shard, number);
  shard.enter(*meter);
  return meter.release();
} catch (const std::bad_alloc&) {
  return nullptr;
}

// What is to be found out about its flow. Whoever is asked for processor time is timed.
void Profiler::choose(Meter& meter, Shard& shard, std::size_t source) {
  const std::uint64_t weight =
      traces() ? 1 : shard.beginnings(source).weight();  // any flow may join a trace
  const std::uint64_t drawn = shard.draw();
  meter.weight_ = (drawn & (weight - 1)) == 0 ? static_cast<std::uint8_t>(weight) : 0;
  meter.asks_cpu_ = drawn % cpu_every == 0;
  if (traces() && shard.draw() % traced_every_ == 0) [[unlikely]] {
    meter.record_ = std::make_unique<trace::Record>(trace::Context::random());
  }
}

void Profiler::count_beginning(Meter& meter, Shard& shard, std::size_t source) noexcept {
  const auto before = latest_[source].exchange(meter.begun_, std::memory_order_relaxed);
  if (before == 0) [[unlikely]] {
    shard.beginnings(source).began();
  } else {
    const std::uint64_t gap = length_.nanoseconds(between(before, meter.begun_));
    shard.beginnings(source).began(gap, shard.source(source));
  }
}

void Profiler::abandon(Meter& meter) noexcept {
  meter.detach();
  meter.record_.reset();
  Shard& shard = shards_[meter.shard_];
  std::unique_lock guarded{shard.guard};
  shard.leave(meter);
  guarded.unlock();
  shard.recycle(meter);
}

void Profiler::end(Meter& meter, std::optional<std::uint64_t> path, Outcome outcome) noexcept {
  meter.detach();
  meter.path_ = path;
  meter.outcome_ = outcome;
  Shard& shard = shards_[meter.shard_];
  if (meter.record_) [[unlikely]] {
    end_traced(meter, shard);
    return;
  }
  std::unique_lock guarded{shard.guard};
  leave(meter, shard);
  const bool are_enough = shard.put_aside(meter);
  guarded.unlock();
  if (are_enough) [[unlikely]] {
    shard.file_some(length_);
  }
}

// Under the guard.
void Profiler::leave(Meter& meter, Shard& shard) noexcept {
  if (!meter.flow_->turn) [[unlikely]] {
    ++shard.source(number_of(*meter.source_)).dropped;
  }
  shard.leave(meter);
}

// What it has done must be known at once.
void Profiler::end_traced(Meter& meter, Shard& shard) noexcept {
  if (meter.outcome_ == Outcome::failed && meter.flow_->has_error()) {
    meter.failed_by(meter.flow_->error());
  }
  shard.count([&](Ledger& ledger) { meter.file(ledger, length_); });
  send(meter);
  std::unique_lock guarded{shard.guard};
  leave(meter, shard);
  guarded.unlock();
  shard.recycle(meter);
}

void Profiler::send(Meter& meter) noexcept {
  auto record = std::move(meter.record_);
  if (!record->context.is_sampled) {
    return;
  }
  record->source = meter.source_;
  record->path = meter.path_;
  record->outcome = meter.outcome_;
  record->lasted = meter.wall_;
  record->began = nanoseconds_since_1970() - length_.nanoseconds(between(meter.begun_, ticks()));
  try {
    record->error = meter.outcome_ == Outcome::failed && meter.flow_->has_error()
                        ? describe(meter.flow_->error())
                        : "";
  } catch (const std::bad_alloc&) {  // then the span has no message
  }
  traces_->take(std::move(record));
}

void Profiler::empty(Meter& meter) noexcept {
  shards_[meter.shard_].count([&](Ledger& ledger) { meter.flush(ledger, length_); });
}

void Profiler::collect() {
  for (Shard& shard : shards_) {
    if (!shard.is_prepared()) {
      continue;
    }
    if (!empty_) {
      empty_ = std::make_unique<Ledger>();
    }
    shard.give(empty_, nothing_, length_);
    whole_.merge(*empty_);
    empty_->clear();
    for (SourceCounts& each : nothing_) {
      whole_.merge(each);
      each.clear();
    }
  }
}

Span Profiler::span() {
  Span span{.is_on = is_on(), .began = began_, .elapsed = elapsed_, .cpu = cpu_};
  if (span.is_on) {
    span.elapsed += between(on_since_, steady());
    span.cpu += between(cpu_since_, process_cpu());
  }
  for (Shard& shard : shards_) {
    const std::scoped_lock guarded{shard.guard};
    span.live += shard.living();
  }
  for (std::size_t number = 0; number < spread_.size(); ++number) {
    if (spread_[number].load(std::memory_order_relaxed)) {
      span.spread.push_back(&sources_[number]);
    }
  }
  return span;
}

std::pair<std::vector<Live>, std::size_t> Profiler::live(std::size_t most) {
  std::vector<Live> flows;
  std::size_t all = 0;
  for (Shard& shard : shards_) {
    const std::scoped_lock guarded{shard.guard};
    const std::uint64_t now = ticks();
    all += shard.living();
    std::size_t left = most;
    for (const Meter* each = shard.oldest(); each != nullptr && left > 0;
         each = each->later_, --left) {
      flows.push_back(seen(*each, now));
    }
  }
  std::sort(flows.begin(), flows.end(), [](const Live& a, const Live& b) { return a.age > b.age; });
  flows.resize(std::min(flows.size(), most));
  return {std::move(flows), all - flows.size()};
}

// In the words of the conformance suite: a `?` is a reader's, a number the session's.
Live Profiler::seen(const Meter& meter, std::uint64_t now) const {
  const Node* const at = meter.flow_->at.load(std::memory_order_relaxed);
  Live flow{.source = meter.source_,
            .node = at != nullptr ? at->name() : nullptr,
            .is_queued = meter.is_queued_.load(std::memory_order_relaxed),
            .holds = {},
            .awaits = {},
            .age = length_.nanoseconds(between(meter.begun_, now))};
  const std::size_t count = meter.holdings_count_.load(std::memory_order_acquire);
  for (std::size_t each = 0; each < std::min(count, meter.holdings_.size()); ++each) {
    const auto& its = meter.holdings_[each];
    std::string name = its.name.load(std::memory_order_relaxed);
    if (its.is_of_session.load(std::memory_order_relaxed)) {
      name += "(" + std::to_string(its.session.load(std::memory_order_relaxed)) + ")";
    }
    name += its.reads.load(std::memory_order_relaxed) ? "?" : "";
    its.is_taken.load(std::memory_order_relaxed) ? flow.holds.push_back(std::move(name))
                                                 : flow.awaits.swap(name);
  }
  return flow;
}

}  // namespace flux::profile
