// flux: headers=types.hpp
//
// The nodes of lock.flux. Arguments: the schedule, with a line `due before held after` for each
// flow; the file that is written in the end: how much processor time and time it took, and for each
// flow when it was due and its latency, all in seconds; and, if processors are to be emulated, how
// many.
//
// An emulated processor is a token that is held for as long as a node would compute. Tokens are
// handed over in the order in which they were asked for, and the next node's time begins when the
// one before gives its token away, not when its thread has woken up.

#include "lock.h"

#include <flux/flux.h>
#include <sys/prctl.h>
#include <time.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <mutex>
#include <vector>

namespace {

double seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double now() { return seconds(CLOCK_MONOTONIC); }

void sleep_until(double time) {
  const auto whole = static_cast<time_t>(time);
  const timespec until{whole, static_cast<long>((time - static_cast<double>(whole)) * 1e9)};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) != 0) continue;
}

class Tokens {
 public:
  void add(std::size_t count) { free_ += count; }

  // Waits for a token; since when it is the caller's.
  double take() {
    std::unique_lock lock{mutex_};
    if (free_ > 0) {
      --free_;
      return now();
    }
    Waiter waiter;
    waiters_.push_back(&waiter);
    waiter.given.wait(lock, [&] { return waiter.since > 0; });
    return waiter.since;
  }

  void give() {
    const std::lock_guard lock{mutex_};
    if (waiters_.empty()) {
      ++free_;
      return;
    }
    auto& first = *waiters_.front();
    waiters_.pop_front();
    first.since = now();
    first.given.notify_one();
  }

 private:
  struct Waiter {
    double since = 0;
    std::condition_variable given;
  };

  std::mutex mutex_;
  std::size_t free_ = 0;
  std::deque<Waiter*> waiters_;
};

std::vector<Job> schedule;
std::vector<double> latencies;
std::size_t next = 0;
const char* written;
bool emulated = false;
Tokens tokens;
double start;
double start_cpu;

void compute(double demand) {
  const auto end = seconds(CLOCK_THREAD_CPUTIME_ID) + demand;
  while (seconds(CLOCK_THREAD_CPUTIME_ID) < end) continue;
}

void work(double demand) {
  if (!emulated) return compute(demand);
  sleep_until(tokens.take() + demand);
  tokens.give();
}

}  // namespace

int flux_init(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("lock: name a schedule and a file for latencies\n", stderr);
    return 1;
  }
  std::ifstream file{argv[1]};
  for (Job job; file >> job.due >> job.before >> job.held >> job.after; ++job.place) {
    schedule.push_back(job);
  }
  latencies.resize(schedule.size());
  written = argv[2];
  emulated = argc > 3;
  if (emulated) tokens.add(std::strtoul(argv[3], nullptr, 10));
  return 0;
}

void flux_shutdown(void) {
  std::ofstream file{written};
  file << seconds(CLOCK_PROCESS_CPUTIME_ID) - start_cpu << ' ' << now() - start << '\n';
  for (const auto& job : schedule) file << job.due << ' ' << latencies[job.place] << '\n';
}

int Arrive(Job* job) {
  if (next == 0) {
    start = now();
    start_cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    prctl(PR_SET_TIMERSLACK, 1);
  }
  if (next == schedule.size()) return FLUX_END;
  *job = schedule[next++];
  sleep_until(start + job->due);
  return 0;
}

int Prepare(Job job, Job* out) {
  prctl(PR_SET_TIMERSLACK, 1);
  work(job.before);
  *out = job;
  return 0;
}

int Update(Job job, Job* out) {
  work(job.held);
  *out = job;
  return 0;
}

int Finish(Job job) {
  work(job.after);
  latencies[job.place] = now() - start - job.due;
  return 0;
}
