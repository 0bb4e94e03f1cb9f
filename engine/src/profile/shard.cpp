#include "shard.hpp"

#include <mutex>
#include <new>
#include <utility>

#include "../trace/record.hpp"

namespace flux::profile {

namespace {

constexpr std::uint32_t a_batch = 32;
constexpr std::uint32_t most_spares = 64;

}  // namespace

Shard::~Shard() {
  destroy(aside_);
  destroy(spare_);
}

void Shard::prepare(const std::vector<Source>& sources, std::uint64_t seed) {
  if (is_prepared()) {
    return;
  }
  random_ = seed;
  beginnings_ = std::vector<Beginnings>(sources.size());
  sources_ = {sources.begin(), sources.end()};
  ledger_ = std::make_unique<Ledger>();
}

std::uint64_t Shard::draw() noexcept {
  random_ ^= random_ << 13;
  random_ ^= random_ >> 7;
  return random_ ^= random_ << 17;
}

std::unique_ptr<Meter> Shard::take_spare() {
  if (spare_ == nullptr) {
    return std::make_unique<Meter>();
  }
  --spares_count_;
  std::unique_ptr<Meter> meter{std::exchange(spare_, spare_->later_)};
  __builtin_prefetch(spare_, 1);
  return meter;
}

void Shard::enter(Meter& meter) noexcept {
  meter.later_ = nullptr;
  meter.earlier_ = last_;
  (last_ != nullptr ? last_->later_ : first_) = &meter;
  last_ = &meter;
  ++living_;
}

void Shard::leave(Meter& meter) noexcept {
  (meter.earlier_ != nullptr ? meter.earlier_->later_ : first_) = meter.later_;
  (meter.later_ != nullptr ? meter.later_->earlier_ : last_) = meter.earlier_;
  --living_;
}

bool Shard::put_aside(Meter& meter) noexcept {
  meter.later_ = std::exchange(aside_, &meter);
  return ++aside_count_ >= a_batch;
}

void Shard::file_some(const TickLength& length) noexcept {
  const std::unique_lock filing{filing_, std::try_to_lock};
  if (filing) {
    file(length);
  }
}

void Shard::give(std::unique_ptr<Ledger>& ledger, std::vector<SourceCounts>& sources,
                 const TickLength& length) noexcept {
  const std::scoped_lock filing{filing_};
  file(length);
  ledger_.swap(ledger);
  const std::scoped_lock guarded{guard};
  for (std::size_t each = 0; each < sources_.size(); ++each) {
    beginnings_[each].file(sources_[each]);
  }
  sources_.swap(sources);
}

void Shard::file(const TickLength& length) noexcept {
  std::unique_lock guarded{guard};
  Meter* const meters = std::exchange(aside_, nullptr);
  aside_count_ = 0;
  guarded.unlock();
  for (Meter* each = meters; each != nullptr; each = each->later_) {
    try {
      each->file(*ledger_, length);
    } catch (const std::bad_alloc&) {  // then it isn't counted
    }
  }
  recycle_all(meters);
}

void Shard::recycle(Meter& meter) noexcept {
  meter.later_ = nullptr;
  recycle_all(&meter);
}

// A few are kept.
void Shard::recycle_all(Meter* meters) noexcept {
  std::unique_lock guarded{guard};
  while (meters != nullptr && spares_count_ < most_spares) {
    Meter* const next = meters->later_;
    meters->later_ = std::exchange(spare_, meters);
    ++spares_count_;
    meters = next;
  }
  guarded.unlock();
  destroy(meters);
}

void Shard::destroy(Meter* meters) noexcept {
  while (meters != nullptr) {
    delete std::exchange(meters, meters->later_);
  }
}

}  // namespace flux::profile
