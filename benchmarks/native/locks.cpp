// What it takes to hold a lock of each kind for nothing: one thread that nobody disturbs, and two
// that want it all the time.

#include <algorithm>
#include <array>
#include <atomic>
#include <flux/program.hpp>
#include <latch>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "figures.hpp"

namespace {

constexpr std::int64_t alone_times = 200'000;
constexpr std::int64_t contended_times = 500'000;

std::atomic<std::uint32_t> word;
std::mutex mutex;
std::shared_mutex shared_mutex;
flux::Constraint program{"program"};
flux::SessionConstraint session{"session"};

// Each holds its lock so many times, for a flow of that session.
using Holds = void(std::int64_t times, std::uint64_t session);

// What no lock does without: one atomic operation on the way in, and one on the way out.
void change_twice(std::int64_t times, std::uint64_t) {
  for (; times > 0; --times) {
    std::uint32_t expected = 0;
    if (!word.compare_exchange_strong(expected, 1, std::memory_order_acquire)) return;
    if (word.fetch_sub(1, std::memory_order_release) & 2) return;
  }
}

void hold_mutex(std::int64_t times, std::uint64_t) {
  for (; times > 0; --times) const std::lock_guard held{mutex};
}

void hold_shared_mutex(std::int64_t times, std::uint64_t) {
  for (; times > 0; --times) const std::lock_guard held{shared_mutex};
}

void read_shared_mutex(std::int64_t times, std::uint64_t) {
  for (; times > 0; --times) const std::shared_lock held{shared_mutex};
}

template <auto Take>
void hold(std::int64_t times, std::uint64_t session_number) {
  flux::Flow flow;
  flow.session = session_number;
  for (; times > 0; --times) const flux::Hold held{flow, Take()};
}

struct Kind {
  const char* name;
  Holds* holds;
  bool is_of_sessions;
};

const Kind least{"two atomic operations", change_twice, false};

const std::array kinds{
    Kind{"std::mutex", hold_mutex, false},
    Kind{"std::shared_mutex, exclusive", hold_shared_mutex, false},
    Kind{"std::shared_mutex, shared", read_shared_mutex, false},
    Kind{"constraint, writer", hold<[] { return program.writer(); }>, false},
    Kind{"constraint, reader", hold<[] { return program.reader(); }>, false},
    Kind{"session constraint, writer", hold<[] { return session.writer(); }>, true},
    Kind{"session constraint, reader", hold<[] { return session.reader(); }>, true},
};

double time_alone(const Kind& kind) {
  const auto start = ThreadClock::now();
  kind.holds(alone_times, 1);
  return share(start, alone_times);
}

using Moment = std::chrono::steady_clock::time_point;

// The time of one hold, of all that both threads do between the first start and the last end.
double time_contended(const Kind& kind, std::uint64_t one, std::uint64_t other) {
  std::latch ready{2};
  std::array<Moment, 2> starts;
  std::array<Moment, 2> ends;
  const auto work = [&](std::size_t number, std::uint64_t session_number) {
    ready.arrive_and_wait();
    starts[number] = std::chrono::steady_clock::now();
    kind.holds(contended_times, session_number);
    ends[number] = std::chrono::steady_clock::now();
  };
  std::thread first{work, 0, one};
  std::thread second{work, 1, other};
  first.join();
  second.join();
  const std::chrono::duration<double, std::nano> time =
      *std::ranges::max_element(ends) - *std::ranges::min_element(starts);
  return time.count() / (2.0 * contended_times);
}

}  // namespace

Figures locks() {
  Figures figures;
  figures.emplace_back(least.name, time_alone(least));
  for (const auto& kind : kinds) figures.emplace_back(kind.name, time_alone(kind));
  for (const auto& kind : kinds) {
    const auto name = std::string{kind.name} + ", contended";
    figures.emplace_back(name, time_contended(kind, 1, 1));
    if (!kind.is_of_sessions) continue;
    figures.emplace_back(name + ", other sessions", time_contended(kind, 1, 2));
  }
  return figures;
}
