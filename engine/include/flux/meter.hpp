// What measures one flow: time stamps from its beginning to its end, one after each call.
//
// Generated routines tell a flow's meter, if it has one, what they have just done. The stamps are
// chained: a call lasts from the stamp before it to its own. So calls, waiting for constraints and
// the time in a queue fill the flow's time without a gap, and most of what a node costs is one look
// at a clock. What comes of it is docs/profile.md.
//
// Between two calls of the system everything is cold, and then it is lines of the cache that cost,
// of code as well as of data. So what each flow needs stands in the first lines of a meter, events
// are written one behind the other, and what they come to is found out later, for many flows.

#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <flux/way.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace flux {

// Whether flows look for their meters: only a benchmark does without, to see what that saves.
#ifdef FLUX_UNMEASURED
inline constexpr bool measures = false;
#else
inline constexpr bool measures = true;
#endif

class Flow;
class Meter;
class Node;
struct Error;
struct Held;
struct Source;

// What a function is called as.
enum class Role : unsigned char { node, opening, predicate, session };

// Gives flows their meters. While it is off that costs each flow one look at a flag.
class Metering {
 public:
  Metering(const Metering&) = delete;
  Metering& operator=(const Metering&) = delete;

  // Who sees that it is on sees what it needs.
  bool is_on() const noexcept { return on_.load(std::memory_order_acquire); }

  // A meter for a flow of that source that begins now; null if there is no memory for one.
  virtual Meter* begin(const Flow& flow, const Source& source) noexcept = 0;

  // The source runs on all loops, and its flows stay where they begin.
  virtual void spreads(const Source&) noexcept {}

  // Forget a flow that never came to its end.
  virtual void abandon(Meter& meter) noexcept = 0;

 protected:
  Metering() = default;
  ~Metering() = default;
  void turn(bool on) noexcept { on_.store(on, std::memory_order_release); }

 private:
  std::atomic<bool> on_{false};
};

namespace profile {
class Ledger;
class Profiler;
class Shard;
class TickLength;
struct PathCounts;
}  // namespace profile

namespace trace {
struct Record;
struct Step;
}  // namespace trace

class alignas(64) Meter {
 public:
  Meter() noexcept;
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;
  ~Meter();

  // That of the flow which runs here; null: nothing does, or nothing measures it.
  static Meter* current() noexcept;

  // The thread works for the flow of this one from now on; for which it did so far.
  static Meter* carry(Meter* meter) noexcept;

  // Whether its calls are timed; if not, the flow is only counted.
  bool is_timed() const noexcept { return weight_ != 0; }

  // A function has come to its end.
  void called(const Node& node, Role role) noexcept;
  void failed(const Node& node, Role role) noexcept;

  // A constraint is about to be taken; has been, after a wait or at once; is about to be given
  // back; is nothing to the flow any more.
  void takes(const Held& held, std::uint64_t session) noexcept;
  void taken(Held& held, bool has_waited) noexcept;
  void gives_back(const Held& held) noexcept;
  void left() noexcept;

  // The turn is over, and the flow waits until somebody takes it up.
  void handed_over() noexcept;
  void taken_up() noexcept;

  // The fiber that carries it leaves the processor to others, and gets it again.
  void pause() noexcept;
  void resume() noexcept;

  // Another thread has used the processor for it meanwhile.
  void add_cpu(std::uint64_t nanoseconds) noexcept { cpu_spent_ += nanoseconds; }

  // The flow's place in its trace, for who is called next; empty if it is in none.
  std::string traceparent() const;

  // It belongs to the trace of who calls: what that has decided holds. May throw std::bad_alloc.
  void join(std::string_view traceparent);

  // The call that failed last failed so.
  void failed_by(const Error& error) noexcept;

 private:
  friend class profile::Profiler;
  friend class profile::Shard;

  // What has happened: of which kind, to which node or constraint, and how long it took.
  struct Event {
    const void* what;
    std::uint64_t kind : 8;
    std::uint64_t value : 56;
  };

  // A constraint that it holds or is about to take, for who asks meanwhile.
  struct Holding {
    std::atomic<const char*> name{nullptr};
    std::atomic<std::uint64_t> session{0};
    std::atomic<bool> reads{false};
    std::atomic<bool> is_of_session{false};
    std::atomic<bool> is_taken{false};
  };

  void begin(profile::Profiler& profiler, const Flow& flow, const Source& source) noexcept;
  void step(std::uint64_t kind, const Node& node, Role role) noexcept;
  void note(std::uint64_t kind, const void* what, std::uint64_t value) noexcept;
  void attach() noexcept;
  void detach() noexcept;
  std::uint64_t take_cpu() noexcept;
  std::uint64_t steps() const noexcept;
  void write_down(const profile::TickLength& length);
  void share_out(profile::PathCounts& path, const profile::TickLength& length) const;
  void flush(profile::Ledger& ledger, const profile::TickLength& length);
  void enter_call(profile::Ledger& ledger, const Event& event, std::uint64_t time);
  void enter_constraint(profile::Ledger& ledger, const Event& event, std::uint64_t time);
  void count(profile::PathCounts& path) const noexcept;
  void file(profile::Ledger& ledger, const profile::TickLength& length);

  const Flow* flow_ = nullptr;  // while it lives
  const Source* source_ = nullptr;
  Meter* earlier_ = nullptr;
  Meter* later_ = nullptr;
  std::uint64_t begun_ = 0;  // ticks
  std::uint64_t last_ = 0;
  std::uint32_t events_count_ = 0;
  std::atomic<std::uint32_t> holdings_count_{0};
  std::uint8_t shard_ = 0;
  std::uint8_t weight_ = 1;  // for how many flows this one stands; 0: it is counted, not timed
  bool asks_cpu_ = false;
  std::atomic<bool> is_queued_{false};

  profile::Profiler* profiler_ = nullptr;
  std::optional<std::uint64_t> path_{};  // once it has ended, as is the next one
  Outcome outcome_ = Outcome::finished;
  std::unique_ptr<trace::Record> record_{};  // null: it is in no trace
  std::uint64_t wall_ = 0;                   // ns, as are the next ones
  std::uint64_t waiting_ = 0;
  std::uint64_t queued_ = 0;

  std::uint64_t cpu_ = 0;
  std::uint64_t cpu_since_ = 0;
  std::uint64_t cpu_spent_ = 0;
  std::array<Holding, 8> holdings_{};
  std::array<Event, 28> events_;
};

}  // namespace flux
