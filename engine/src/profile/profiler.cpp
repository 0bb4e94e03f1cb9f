#include "profiler.hpp"

#include <algorithm>
#include <chrono>
#include <flux/error.hpp>
#include <flux/flow.hpp>
#include <new>
#include <thread>
#include <utility>

namespace flux::profile {

namespace {

constexpr std::size_t most_shards = 64;
constexpr std::size_t most_spares = 64;

// A thread writes where few others do.
std::size_t number_of_thread() noexcept {
  static std::atomic<std::size_t> next{0};
  thread_local const std::size_t own = next.fetch_add(1, std::memory_order_relaxed);
  return own;
}

// By chance, lest flows that come by turns are asked always, or never (xorshift, Marsaglia 2003).
std::uint64_t draw(std::uint64_t& random) noexcept {
  random ^= random << 13;
  random ^= random >> 7;
  return random ^= random << 17;
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
      shards_(std::clamp<std::size_t>(
          std::max<std::size_t>(threads, std::thread::hardware_concurrency()), 4, most_shards)),
      spread_(sources.size()),
      latest_(sources.size()) {
  std::uint64_t seed = 0x9E37'79B9'7F4A'7C15u;
  for (Shard& each : shards_) {
    each.paces.resize(sources.size());
    each.random = seed *= 0x2545'F491'4F6C'DD1Du;
  }
}

Profiler::~Profiler() {
  for (Shard& shard : shards_) {
    while (Meter* const meter = shard.spare) {
      shard.spare = meter->later_;
      delete meter;
    }
  }
}

void Profiler::start() {
  const std::scoped_lock guarded{reading_};
  if (is_on()) {
    return;
  }
  length_.settle();
  for (Shard& shard : shards_) {
    if (!shard.ledger) {
      auto made = std::make_unique<Ledger>();
      const std::scoped_lock writing{shard.guard};
      shard.ledger = std::move(made);
    }
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
  const auto number = static_cast<std::size_t>(&source - sources_.data());
  spread_[number].store(true, std::memory_order_relaxed);
}

std::size_t Profiler::own_shard() const noexcept { return number_of_thread() % shards_.size(); }

Meter* Profiler::begin(const Flow& flow, const Source& source) noexcept try {
  const std::size_t number = own_shard();
  Shard& shard = shards_[number];
  const std::scoped_lock guarded{shard.guard};
  auto meter = take_spare(shard);
  SourceCounts& counts = shard.ledger->source(source);
  meter->shard_ = number;
  const auto place = static_cast<std::size_t>(&source - sources_.data());
  Pace& pace = shard.paces[place];
  const std::uint64_t weight = traces() ? 1 : pace.weight();  // any flow may join a trace
  const std::uint64_t drawn = draw(shard.random);
  meter->weight_ = drawn % weight == 0 ? weight : 0;
  meter->asks_cpu_ = drawn % cpu_every == 0;  // so it is timed
  if (traces() && draw(shard.random) % traced_every_ == 0) [[unlikely]] {
    meter->record_ = std::make_unique<trace::Record>(trace::Context::random());
  }
  meter->begin(*this, flow, source);
  ++counts.started;
  auto& latest = latest_[place];
  if (const std::uint64_t before = latest.exchange(meter->begun_, std::memory_order_relaxed)) {
    const std::uint64_t gap = length_.nanoseconds(between(before, meter->begun_));
    counts.gaps.add(gap);
    pace.began(gap);
  }
  meter->later_ = nullptr;
  meter->earlier_ = shard.last;
  (shard.last != nullptr ? shard.last->later_ : shard.first) = meter.get();
  shard.last = meter.get();
  ++shard.living;
  return meter.release();
} catch (const std::bad_alloc&) {
  return nullptr;
}

std::unique_ptr<Meter> Profiler::take_spare(Shard& shard) {
  if (shard.spare == nullptr) {
    return std::make_unique<Meter>();
  }
  --shard.spares;
  return std::unique_ptr<Meter>{std::exchange(shard.spare, shard.spare->later_)};
}

void Profiler::abandon(Meter& meter) noexcept {
  meter.detach();
  meter.record_.reset();
  release(meter);
}

void Profiler::release(Meter& meter) noexcept {
  Shard& shard = shards_[meter.shard_];
  std::unique_lock guarded{shard.guard};
  (meter.earlier_ != nullptr ? meter.earlier_->later_ : shard.first) = meter.later_;
  (meter.later_ != nullptr ? meter.later_->earlier_ : shard.last) = meter.earlier_;
  --shard.living;
  if (shard.spares == most_spares) {
    guarded.unlock();
    delete &meter;
    return;
  }
  meter.later_ = std::exchange(shard.spare, &meter);
  ++shard.spares;
}

// Without memory to count it in, it isn't counted.
void Profiler::end(Meter& meter, std::optional<std::uint64_t> path, Outcome outcome) noexcept {
  meter.detach();
  if (outcome == Outcome::failed && meter.flow_->has_error()) {
    meter.failed_by(meter.flow_->error());
  }
  try {
    Shard& shard = shards_[own_shard()];
    const std::scoped_lock guarded{shard.guard};
    PathCounts& its = shard.ledger->path({meter.source_, path, outcome});
    if (meter.asks_cpu_) {
      meter.share_out(its, length_);
    }
    meter.flush(*shard.ledger, length_);
    meter.count(its);
    if (!meter.flow_->turn) {
      ++shard.ledger->source(*meter.source_).dropped;
    }
  } catch (const std::bad_alloc&) {
  }
  if (meter.record_) [[unlikely]] {
    send(meter, path, outcome);
  }
  release(meter);
}

void Profiler::send(Meter& meter, std::optional<std::uint64_t> path, Outcome outcome) noexcept {
  auto record = std::move(meter.record_);
  if (!record->context.is_sampled) {
    return;
  }
  record->source = meter.source_;
  record->path = path;
  record->outcome = outcome;
  record->lasted = meter.wall_;
  record->began = nanoseconds_since_1970() - length_.nanoseconds(between(meter.begun_, ticks()));
  try {
    record->error = outcome == Outcome::failed && meter.flow_->has_error()
                        ? describe(meter.flow_->error())
                        : "";
  } catch (const std::bad_alloc&) {  // then the span has no message
  }
  traces_->take(std::move(record));
}

void Profiler::empty(Meter& meter) noexcept {
  try {
    Shard& shard = shards_[own_shard()];
    const std::scoped_lock guarded{shard.guard};
    meter.flush(*shard.ledger, length_);
  } catch (const std::bad_alloc&) {
  }
}

void Profiler::collect() {
  for (Shard& shard : shards_) {
    if (!empty_) {
      empty_ = std::make_unique<Ledger>();
    }
    std::unique_lock guarded{shard.guard};
    if (!shard.ledger) {
      continue;
    }
    shard.ledger.swap(empty_);
    guarded.unlock();
    whole_.merge(*empty_);
    empty_->clear();
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
    span.live += shard.living;
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
    all += shard.living;
    std::size_t left = most;
    for (const Meter* each = shard.first; each != nullptr && left > 0;
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
