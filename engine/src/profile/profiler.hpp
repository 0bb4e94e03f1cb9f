// Where a running server spends its time: what the meters of its flows have told.
//
// Threads write into shards of their own, so they don't wait for each other; who asks takes the
// ledgers away one by one, leaves empty ones, and adds them up. Nobody waits for that, either.

#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <flux/meter.hpp>
#include <flux/source.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "../trace/record.hpp"
#include "ledger.hpp"
#include "shard.hpp"
#include "ticks.hpp"

namespace flux::profile {

// Of how many flows one is asked for its processor time.
inline constexpr std::uint64_t cpu_every = 64;

// How much time the figures cover.
struct Span {
  bool is_on = false;
  double began = 0;           // seconds since 1970; 0: never
  std::uint64_t elapsed = 0;  // ns
  std::uint64_t cpu = 0;      // ns, of the process
  std::size_t live = 0;       // measured flows that have not ended

  // Those that run on all loops, where their flows stay.
  std::vector<const Source*> spread{};
};

// A flow that lives, as it was a moment ago.
struct Live {
  const Source* source;
  const char* node;  // null: none yet
  bool is_queued;
  std::vector<std::string> holds;
  std::string awaits;  // empty: no constraint
  std::uint64_t age;   // ns
};

class Profiler final : public Metering {
 public:
  // For threads of that number, or for as many as the machine keeps busy.
  Profiler(const std::vector<Source>& sources, std::size_t threads);

  // From now on flows that begin are measured; or they are not. May throw std::bad_alloc.
  void start();
  void stop() noexcept;

  // Forget what was counted.
  void clear();

  // Before it starts: of so many flows, the record of one goes there, by chance.
  void trace(std::uint64_t every, trace::Sink& sink) noexcept;
  bool traces() const noexcept { return traced_every_ != 0; }

  Meter* begin(const Flow& flow, const Source& source) noexcept override;
  void spreads(const Source& source) noexcept override;
  void abandon(Meter& meter) noexcept override;

  // A flow or a turn has ended; its path has a number, or none.
  void end(Meter& meter, std::optional<std::uint64_t> path, Outcome outcome) noexcept;

  // A meter has no more room.
  void empty(Meter& meter) noexcept;

  // Show what was counted so far; others who ask wait meanwhile.
  template <class Show>
  auto read(Show show) {
    const std::scoped_lock guarded{reading_};
    collect();
    return show(whole_, span());
  }

  // At most so many flows that live, the oldest first, and how many more there are.
  std::pair<std::vector<Live>, std::size_t> live(std::size_t most);

 private:
  Shard& own_shard() noexcept;
  void choose(Meter& meter, Shard& shard, std::size_t source);
  void count_beginning(Meter& meter, Shard& shard, std::size_t source) noexcept;
  std::size_t number_of(const Source& source) const noexcept;
  void leave(Meter& meter, Shard& shard) noexcept;
  void end_traced(Meter& meter, Shard& shard) noexcept;
  void send(Meter& meter) noexcept;
  void collect();
  Span span();
  Live seen(const Meter& meter, std::uint64_t now) const;

  const std::vector<Source>& sources_;
  std::vector<Shard> shards_;
  std::vector<std::atomic<bool>> spread_;           // which sources are
  std::vector<std::atomic<std::uint64_t>> latest_;  // when a flow of each source began
  TickLength length_{};
  std::uint64_t traced_every_ = 0;  // 0: no flow is
  trace::Sink* traces_ = nullptr;

  std::mutex reading_{};
  Ledger whole_{};
  std::unique_ptr<Ledger> empty_{};
  std::vector<SourceCounts> nothing_{};
  double began_ = 0;
  std::uint64_t elapsed_ = 0;
  std::uint64_t cpu_ = 0;
  std::uint64_t on_since_ = 0;
  std::uint64_t cpu_since_ = 0;
};

}  // namespace flux::profile
