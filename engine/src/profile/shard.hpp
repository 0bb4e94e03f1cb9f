// What some of the threads have to do with a profile: the meters of the flows that begin on them,
// and what these have come to.
//
// A flow's end only puts its meter aside. Once there are a few they are filed, one behind the
// other: then the code that counts and what it counts in are near, which between two calls of the
// system they aren't. Who reads files what is left, so nothing that has ended is ever missing.

#pragma once

#include <cstddef>
#include <cstdint>
#include <flux/lock.hpp>
#include <flux/meter.hpp>
#include <flux/source.hpp>
#include <memory>
#include <mutex>
#include <new>
#include <vector>

#include "beginnings.hpp"
#include "ledger.hpp"
#include "ticks.hpp"

namespace flux::profile {

class alignas(64) Shard {
 public:
  Shard() noexcept = default;
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;
  ~Shard();

  // Get ready for flows of these sources, unless it is. May throw std::bad_alloc.
  void prepare(const std::vector<Source>& sources, std::uint64_t seed);
  bool is_prepared() const noexcept { return ledger_ != nullptr; }

  // Under this lock flows begin and end. `filing` may be held when it is taken, never the reverse.
  ShortLock guard{};

  // By chance, lest flows that come by turns are asked always, or never (xorshift, Marsaglia 2003).
  std::uint64_t draw() noexcept;

  std::unique_ptr<Meter> take_spare();
  void enter(Meter& meter) noexcept;
  void leave(Meter& meter) noexcept;

  // Put aside who has left; whether there are enough of them to be filed.
  bool put_aside(Meter& meter) noexcept;

  Beginnings& beginnings(std::size_t source) noexcept { return beginnings_[source]; }
  SourceCounts& source(std::size_t source) noexcept { return sources_[source]; }
  const Meter* oldest() const noexcept { return first_; }
  std::size_t living() const noexcept { return living_; }

  // Without it: file who was put aside, unless somebody else does; let go of one who has left.
  void file_some(const TickLength& length) noexcept;
  void recycle(Meter& meter) noexcept;

  // Let what a meter holds be counted at once.
  template <class Count>
  void count(Count count_in) noexcept try {
    const std::scoped_lock filing{filing_};
    count_in(*ledger_);
  } catch (const std::bad_alloc&) {  // then it isn't counted
  }

  // Give what was counted so far for what is empty.
  void give(std::unique_ptr<Ledger>& ledger, std::vector<SourceCounts>& sources,
            const TickLength& length) noexcept;

 private:
  void file(const TickLength& length) noexcept;
  void recycle_all(Meter* meters) noexcept;
  static void destroy(Meter* meters) noexcept;

  std::uint32_t living_ = 0;
  std::uint32_t aside_count_ = 0;
  std::uint32_t spares_count_ = 0;
  std::uint64_t random_ = 0;
  Meter* first_ = nullptr;  // those that live, the oldest first
  Meter* last_ = nullptr;
  Meter* aside_ = nullptr;
  Meter* spare_ = nullptr;
  std::vector<Beginnings> beginnings_{};
  std::vector<SourceCounts> sources_{};

  alignas(64) ShortLock filing_{};  // of the ledger
  std::unique_ptr<Ledger> ledger_{};
};

}  // namespace flux::profile
