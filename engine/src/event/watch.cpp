#include "watch.hpp"

#include <signal.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "../futex.hpp"
#include "../threads.hpp"
#include "line.hpp"
#include "loop.hpp"
#include "reactions.hpp"
#include "whereabouts.hpp"

namespace flux::event {

namespace {

// How long a loop may take to answer.
constexpr std::chrono::milliseconds patience{100};

std::optional<Time> earlier(std::optional<Time> one, std::optional<Time> other) noexcept {
  return one && other ? std::min(*one, *other) : one ? one : other;
}

// It may compute, or wait where no call is intercepted; on another thread either does no harm.
void tell_remedy(Line& line, const Fiber& fiber) noexcept {
  if (const Node* const node = node_of(fiber)) {
    line << "; let another thread do it with `// flux: blocking=" << node->name()
         << "` in its file, or";
  } else {
    line << "; let another thread do";
  }
  line << " what takes long with flux::aside";
}

}  // namespace

bool Allowance::take(Time now) noexcept {
  left_ = std::min(most, left_ + std::chrono::duration<double>{now - since_}.count());
  since_ = now;
  if (left_ < 1) {
    return false;
  }
  left_ -= 1;
  return true;
}

void Watch::add(Loop& loop, Census& census, pthread_t thread) {
  watched_.emplace_back(loop, census, thread);
}

// Signals are for other threads.
void Watch::start() {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const int error = pthread_create(&thread_, nullptr, run, this);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (error != 0) {
    throw std::system_error{error, std::generic_category(), "the watch has no thread"};
  }
  is_started_ = true;
}

void Watch::stop() noexcept {
  if (std::exchange(is_started_, false)) {
    stopped_ = true;
    ring();
    pthread_join(thread_, nullptr);
  }
}

void Watch::ask() noexcept {
  for (Watched& each : watched_) {
    each.census.ask();
  }
  asked_ = true;
  ring();
}

void Watch::tell(const Loop& loop) noexcept {
  for (Watched& each : watched_) {
    if (&each.loop == &loop) {
      if (each.is_stalled.exchange(false)) {
        tell_stall(each);
      }
      if (each.is_silent.exchange(false)) {
        tell_silence(each);
      }
    }
  }
}

void* Watch::run(void* watch) {
  Watch& self = *static_cast<Watch*>(watch);
  name_thread("flux watch");
  while (!self.stopped_) {
    const std::uint32_t bell = self.bell_;
    const std::optional<Time> next = self.look(Clock::now());
    futex_wait(self.bell_, bell, next);
  }
  if (self.untold_ > 0) {
    Line line;
    (line << "flux: loops were too busy " << self.untold_ << " times more").write();
  }
  return nullptr;
}

// When to look again; never, if nobody wakes it.
std::optional<Time> Watch::look(Time now) noexcept {
  return earlier(look_for_stalls(now), look_for_answers(now));
}

// Who looks much later than it meant to was stopped, and so were the loops.
std::optional<Time> Watch::look_for_stalls(Time now) noexcept {
  if (threshold_ == milliseconds::zero()) {
    return std::nullopt;
  }
  const bool is_late = now - std::exchange(last_look_, now) > threshold_;
  bool all_sleep = true;
  for (Watched& each : watched_) {
    each.since = is_late ? now : each.since.load();
    all_sleep = inspect(each, now) && all_sleep;
  }
  return next_look(now, all_sleep, Clock::duration{threshold_} / 4);
}

// Whether a loop sleeps; report it if it has been busy for too long.
bool Watch::inspect(Watched& watched, Time now) noexcept {
  const std::uint64_t switches = watched.loop.switches();
  const bool is_asleep = watched.loop.is_asleep();
  if (is_asleep || watched.seen != switches) {
    watched.seen = switches;
    watched.since = now;
  } else if (now - watched.since.load() >= threshold_ && watched.reported != switches) {
    watched.reported = switches;
    report(watched, now);
  }
  return is_asleep;
}

void Watch::report(Watched& watched, Time now) noexcept {
  if (!allowance_.take(now)) {
    ++untold_;
    return;
  }
  watched.untold = std::exchange(untold_, 0);
  watched.is_stalled = true;
  pthread_kill(watched.thread, whereabouts_signal());
}

std::optional<Time> Watch::look_for_answers(Time now) noexcept {
  if (asked_.exchange(false)) {
    answers_due_ = now + patience;
  }
  if (!answers_due_ || now < *answers_due_) {
    return answers_due_;
  }
  answers_due_.reset();
  for (Watched& each : watched_) {
    if (each.census.is_awaited()) {
      each.is_silent = true;
      pthread_kill(each.thread, whereabouts_signal());
    }
  }
  return std::nullopt;
}

void Watch::tell_stall(Watched& watched) const noexcept {
  const Loop& loop = watched.loop;
  if (loop.running() == nullptr || loop.switches() != watched.seen) {
    return;
  }
  const auto time = Clock::now() - watched.since.load();
  const auto count = std::chrono::duration_cast<milliseconds>(time).count();
  Line line;
  line << "flux: loop " << loop.number() << " has been busy for "
       << static_cast<std::uint64_t>(count) << " ms in ";
  tell_place(line, *loop.running());
  tell_remedy(line, *loop.running());
  if (const std::uint64_t untold = watched.untold) {
    line << " (and " << untold << " more like it)";
  }
  line.write();
}

void Watch::tell_silence(const Watched& watched) const noexcept {
  if (!watched.census.is_awaited()) {
    return;
  }
  Line line;
  line << "flux: loop " << watched.loop.number() << " can't tell yet what it carries";
  if (const Fiber* const fiber = watched.loop.running()) {
    line << ": it is busy in ";
    tell_place(line, *fiber);
  }
  line.write();
}

}  // namespace flux::event
