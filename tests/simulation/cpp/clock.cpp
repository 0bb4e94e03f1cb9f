#include "clock.hpp"

#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <deque>
#include <flux/bearer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <queue>
#include <semaphore>
#include <tuple>
#include <utility>
#include <vector>

#include "event/loop.hpp"
#include "futex.hpp"
#include "threads.hpp"

namespace {

using virtual_time::Nanoseconds;
using Turn = std::binary_semaphore;
using Sleeper = std::tuple<Nanoseconds, int, flux::Bearer*>;

constexpr Nanoseconds second = 1'000'000'000;
constexpr Nanoseconds beginning = 1000 * second;

std::atomic<Nanoseconds> present{beginning};
std::atomic<bool> has_ended{false};

// All that follows is changed with the guard only.
std::recursive_mutex guard;
int missing = 0;
bool somebody_runs = false;
std::deque<Turn*> agenda;
std::map<const void*, std::deque<Turn*>> waiting;  // by the word that they wait for
std::priority_queue<Sleeper, std::vector<Sleeper>, std::greater<>> sleepers;

// Of the threads that take turns; main isn't one of them.
thread_local bool takes_turns = false;

void wake_next_sleeper() {
  const auto [time, order, bearer] = sleepers.top();
  sleepers.pop();
  present = time;
  bearer->unpark();
}

// Nobody runs: who goes on?
void pass_on() {
  somebody_runs = false;
  if (missing > 0) return;
  if (agenda.empty() && !sleepers.empty()) wake_next_sleeper();
  if (!agenda.empty() && !somebody_runs) {
    somebody_runs = true;
    Turn* const next = agenda.front();
    agenda.pop_front();
    next->release();
  }
}

// Somebody has got what it waited for.
void add(Turn* turn) {
  agenda.push_back(turn);
  if (!somebody_runs) pass_on();
}

// Whether somebody has waited for the word.
bool wake(const void* word) {
  auto& line = waiting[word];
  if (line.empty()) return false;
  Turn* const first = line.front();
  line.pop_front();
  add(first);
  return true;
}

void let_time_pass(void*) {
  flux::event::Loop& loop = *flux::event::Loop::current();
  while (!has_ended) {
    const auto before = loop.switches();
    loop.yield();
    const bool was_alone = loop.switches() == before + 1;
    if (was_alone && missing <= 0 && !sleepers.empty()) wake_next_sleeper();
  }
}

// The loop that runs this gets its fiber once.
void look_after_loop() {
  static bool is_looked_after = false;
  if (flux::event::Loop* const loop = flux::event::Loop::current()) {
    --missing;
    if (!std::exchange(is_looked_after, true)) loop->add(let_time_pass, nullptr);
  }
}

struct Life {
  void* (*run)(void*);
  void* argument;
  Turn turn{0};
};

void* live(void* given) {
  const std::unique_ptr<Life> life{static_cast<Life*>(given)};
  life->turn.acquire();
  takes_turns = true;
  life->run(life->argument);
  const std::scoped_lock guarded{guard};
  pass_on();
  return nullptr;
}

long kernel(const void* word, int operation, std::uint32_t value, const timespec* time) {
  return syscall(SYS_futex, word, operation | FUTEX_PRIVATE_FLAG, value, time, nullptr, 0);
}

}  // namespace

namespace virtual_time {

void begin(int expected) { missing = expected; }

Nanoseconds now() { return present - beginning; }

void sleep_until(Nanoseconds time) {
  if (time <= now()) return;
  {
    static int order = 0;
    const std::scoped_lock guarded{guard};
    sleepers.emplace(beginning + time, order++, &flux::current_bearer());
    look_after_loop();
  }
  flux::current_bearer().park();
}

void end() { has_ended = true; }

}  // namespace virtual_time

namespace flux {

// Threads that don't take turns look again after a moment of real time.
void futex_wait(const std::atomic<std::uint32_t>& word, std::uint32_t value,
                std::optional<Deadline> /*deadline*/) noexcept {
  if (!takes_turns) {
    constexpr timespec moment{.tv_sec = 0, .tv_nsec = second / 100};
    kernel(&word, FUTEX_WAIT, value, &moment);
    return;
  }
  Turn turn{0};
  {
    const std::scoped_lock guarded{guard};
    if (word.load() != value) return;
    waiting[&word].push_back(&turn);
    pass_on();
  }
  turn.acquire();
}

void futex_wake_one(const std::atomic<std::uint32_t>& word) noexcept {
  const std::scoped_lock guarded{guard};
  if (!wake(&word)) kernel(&word, FUTEX_WAKE, 1, nullptr);
}

void futex_wake_all(const std::atomic<std::uint32_t>& word) noexcept {
  const std::scoped_lock guarded{guard};
  while (wake(&word)) {
  }
  kernel(&word, FUTEX_WAKE, 1000, nullptr);
}

int start_thread(void* (*run)(void*), void* argument) noexcept {
  auto* const life = new Life{run, argument};
  {
    const std::scoped_lock guarded{guard};
    --missing;
    add(&life->turn);
  }
  pthread_t thread;
  pthread_create(&thread, nullptr, live, life);
  return pthread_detach(thread);
}

void name_thread(const char* /*name*/) noexcept {}

}  // namespace flux

extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
  if (clock != CLOCK_MONOTONIC) return static_cast<int>(syscall(SYS_clock_gettime, clock, time));
  time->tv_sec = present / second;
  time->tv_nsec = present % second;
  return 0;
}
