#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <deque>
#include <flux/server.hpp>
#include <utility>
#include <vector>

#include "endings.hpp"
#include "event_descriptor.hpp"
#include "exits.hpp"
#include "hooks.hpp"
#include "places.hpp"
#include "profiling.hpp"
#include "reports.hpp"
#include "runtimes.hpp"
#include "signals.hpp"
#include "source_loop.hpp"
#include "workers/worker.hpp"

namespace flux {

namespace {

// How long abandoned turns may take to end; those that were woken need no more.
constexpr std::chrono::milliseconds grace{100};

Deadline in(double seconds) noexcept {
  constexpr double longest = 1e9;  // some thirty years
  const std::chrono::duration<double> time{std::min(seconds, longest)};
  return std::chrono::steady_clock::now() +
         std::chrono::duration_cast<std::chrono::nanoseconds>(time);
}

void name_nodes(const std::vector<NamedNode>& nodes) noexcept {
  std::uint32_t number = 0;
  for (const NamedNode& each : nodes) {
    each.node->call(each.name, ++number);
  }
}

}  // namespace

// Belongs to the server, to its sources until they have ended, and to its flows until they are
// done: those that were abandoned may outlive the server.
class Server::Inside final : public Stoppable, public std::enable_shared_from_this<Server::Inside> {
 public:
  Inside(Program program, Options options);

  int run();
  void stop() noexcept override;
  void toggle() noexcept override { toggled_.set(); }

  Counters counters() const;
  std::optional<Drained> drained() const noexcept { return drained_; }
  const Paths& paths() const noexcept { return program_.paths; }
  bool abandons() noexcept;

 private:
  Carry carry();
  SourceLoop::Submit submit();
  std::size_t cores() const noexcept;
  SourceLoop& add_loop(const Source& source, std::size_t core);
  void start_twins(std::size_t first) noexcept;
  bool start();
  void source_ended() noexcept;
  void become_idle() noexcept;
  Drained drain(Deadline deadline);
  void finish_sources(Deadline deadline) noexcept;
  void stop_sources() noexcept;

  Program program_;
  Options options_;
  Reports reports_{};
  Hooks hooks_;
  Profiling profiling_;
  Endings endings_;
  std::optional<Places> places_{};
  std::unique_ptr<Runtime> runtime_;
  std::deque<SourceLoop> loops_{};
  std::atomic<std::size_t> running_{0};
  std::atomic<bool> asked_{false};
  EventDescriptor over_{};           // a stop is asked for, or nothing is left to do
  EventDescriptor toggled_{};        // the profile is to be turned on or off
  EventDescriptor idle_{};           // all flows are done, and no more will come
  EventDescriptor sources_ended_{};  // no turn is in progress
  std::optional<Drained> drained_{};
  bool started_ = false;
  std::shared_ptr<Inside> owned_by_sources_{};
  std::shared_ptr<Inside> owned_by_flows_{};
};

Server::Inside::Inside(Program program, Options options)
    : program_{std::move(program)},
      options_{std::move(options)},
      hooks_{program_, options_.arguments, reports_},
      profiling_{program_, options_, reports_},
      endings_{reports_, program_.paths, profiling_.profiler(), options_.observer} {
  check(options_);
  name_nodes(program_.nodes);
  if (options_.max_flows) {
    places_.emplace(*options_.max_flows);
  }
  runtime_ = new_runtime(options_, carry(), [this] { become_idle(); });
  for (const Source& source : program_.sources) {
    SourceLoop& loop = add_loop(source, 0);
    loop.spread_by([this, first = loops_.size()] { start_twins(first); });
    for (std::size_t core = 1; core < cores(); ++core) {
      add_loop(source, core);
    }
  }
}

int Server::Inside::run() {
  const Signals signals{*this};
  profiling_.start();
  if (!hooks_.init()) {
    return exit_failed;
  }
  if (const auto* const worker = workers::own()) worker->serves();
  const bool started = start();
  while (!EventDescriptor::wait_for_first(over_, toggled_)) {
    toggled_.reset();
    profiling_.toggle();
  }
  const Drained drained = drain(in(options_.drain));
  const bool shut_down = hooks_.shutdown();
  runtime_->retire(!abandons());
  profiling_.finish();
  if (asked_) {
    drained_ = drained;
    std::fprintf(stderr, "flux: drained: %llu finished, %llu cut\n",
                 static_cast<unsigned long long>(drained.finished),
                 static_cast<unsigned long long>(drained.cut));
  }
  if (!started || !shut_down) {
    return exit_failed;
  }
  return drained.cut > 0 ? exit_cut : 0;
}

void Server::Inside::stop() noexcept {
  asked_ = true;
  over_.set();
}

// What has ended is counted before what has started: it can't be more.
Counters Server::Inside::counters() const {
  const Ends ends = runtime_->ends();
  Counters counted{.finished = ends.finished, .handled = ends.handled, .failed = ends.failed};
  for (const SourceLoop& loop : loops_) {
    counted.started += loop.started();
    counted.dropped += loop.dropped();
  }
  return counted;
}

std::size_t Server::Inside::cores() const noexcept {
  return options_.runtime == RuntimeKind::event ? options_.cores : 1;
}

SourceLoop& Server::Inside::add_loop(const Source& source, std::size_t core) {
  const auto start = [this, core](void* (*turns)(void*), void* loop) {
    return runtime_->start_source(core, turns, loop);
  };
  return loops_.emplace_back(source, options_.observer, profiling_.profiler(), start, submit(),
                             endings_, [this] { source_ended(); });
}

// The twins of a source stand behind it: it says that it may run on the other loops, too.
void Server::Inside::start_twins(std::size_t first) noexcept {
  for (std::size_t core = 1; core < cores(); ++core) {
    ++running_;
    loops_[first + core - 1].start();
  }
}

bool Server::Inside::abandons() noexcept {
  return started_ && !(idle_.is_set() && sources_ended_.is_set());
}

Carry Server::Inside::carry() {
  if (!places_) {
    return [this](std::unique_ptr<Task> task) { return endings_.carry(std::move(task)); };
  }
  return [this](std::unique_ptr<Task> task) {
    const std::unique_ptr<Places, void (*)(Places*)> place{
        &*places_, [](Places* places) { places->give_back(); }};
    return endings_.carry(std::move(task));
  };
}

SourceLoop::Submit Server::Inside::submit() {
  return [this](std::unique_ptr<Task> task) {
    if (places_) {
      places_->take();
    }
    runtime_->submit(std::move(task));
  };
}

// Let the sources run, unless a signal came meanwhile; whether there were threads for all.
bool Server::Inside::start() {
  started_ = true;
  owned_by_sources_ = owned_by_flows_ = shared_from_this();
  running_ = 1;
  bool complete = false;
  try {
    runtime_->start();
    for (std::size_t each = 0; each < loops_.size() && !asked_; each += cores()) {
      ++running_;
      loops_[each].start();
    }
    complete = true;
  } catch (...) {
    reports_.exception("start");
    over_.set();
  }
  source_ended();
  return complete;
}

void Server::Inside::source_ended() noexcept {
  if (--running_ == 0) {
    const auto own = std::move(owned_by_sources_);
    runtime_->close();
    sources_ended_.set();
  }
}

void Server::Inside::become_idle() noexcept {
  const auto own = std::move(owned_by_flows_);
  over_.set();
  idle_.set();
}

Drained Server::Inside::drain(Deadline deadline) {
  const Counters before = counters();
  finish_sources(deadline);
  stop_sources();
  for (SourceLoop& loop : loops_) {
    loop.settle(deadline);
  }
  runtime_->close();
  idle_.wait(deadline);
  const Counters after = counters();
  runtime_->cut();
  sources_ended_.wait(std::chrono::steady_clock::now() + grace);
  reports_.flush();
  return {before.in_flight() + after.started - before.started - after.in_flight(),
          after.in_flight()};
}

// Let sources that can end by themselves give what they still have.
void Server::Inside::finish_sources(Deadline deadline) noexcept {
  if (hooks_.can_finish() && !sources_ended_.is_set()) {
    hooks_.finish();
    sources_ended_.wait(deadline);
  }
}

void Server::Inside::stop_sources() noexcept {
  for (SourceLoop& loop : loops_) {
    loop.stop();
  }
  if (!sources_ended_.is_set()) {
    hooks_.interrupt();
  }
}

Server::Server(Program program, Options options)
    : inside_{std::make_shared<Inside>(std::move(program), std::move(options))} {}

Server::~Server() = default;

int Server::run() { return inside_->run(); }

void Server::stop() noexcept { inside_->stop(); }

Counters Server::counters() const { return inside_->counters(); }

std::optional<Drained> Server::drained() const noexcept { return inside_->drained(); }

std::string Server::path_name(const Source& source, std::uint64_t number) const {
  return inside_->paths().name(source.name, number);
}

bool Server::abandons() noexcept { return inside_->abandons(); }

}  // namespace flux
