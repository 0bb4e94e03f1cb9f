#include "generator.hpp"

#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <system_error>
#include <thread>

namespace load {

namespace {

// How often clients lose patience, and those that failed come again.
constexpr auto between_looks = std::chrono::milliseconds{10};
constexpr auto settling = std::chrono::milliseconds{200};

Clock::duration ticks(Seconds seconds) {
  return std::chrono::duration_cast<Clock::duration>(seconds);
}

timespec until(Clock::time_point from, Clock::time_point to) {
  const auto left = std::max(to - from, Clock::duration::zero());
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
  return {seconds.count(), std::chrono::nanoseconds{left - seconds}.count()};
}

}  // namespace

Generator::Generator(const Options& options, const std::vector<Target>& targets)
    : options_{options},
      targets_{targets},
      epoll_{::epoll_create1(EPOLL_CLOEXEC)},
      clients_(static_cast<std::size_t>(options.connections)) {
  if (!options.schedule.empty()) schedule_ = read_schedule(options.schedule, targets.size());
  if (!options.latencies.empty()) latencies_.open(options.latencies);
  if (epoll_ < 0) throw std::system_error{errno, std::generic_category(), "epoll_create1"};
  address_.sin_family = AF_INET;
  address_.sin_port = htons(options.port);
  address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
}

Generator::~Generator() { ::close(epoll_); }

Tally Generator::run() {
  if (!schedule_.empty()) connect_all();
  for (auto& client : clients_) free(client);
  while (!is_over()) step();
  return tally_;
}

// The schedule begins when the server has had time to accept all of them.
void Generator::connect_all() {
  for (auto& client : clients_) {
    ++tally_.connects;
    client.connect(epoll_, address_);
  }
  std::this_thread::sleep_for(settling);
  start_ = next_look_ = now_ = Clock::now();
  end_ = start_ + ticks(options_.duration);
  next_due_ = start_ + ticks(schedule_.front().due);
}

bool Generator::is_over() const {
  return !makes_requests() && due_.empty() &&
         std::none_of(clients_.begin(), clients_.end(),
                      [](const Client& client) { return client.is_waiting(); });
}

void Generator::step() {
  wait();
  if (is_open_loop() && makes_requests()) let_requests_fall_due();
  serve_due();
  if (now_ < next_look_) return;
  next_look_ = now_ + between_looks;
  lose_patience();
  begin_again();
  signal();
}

void Generator::wait() {
  std::array<epoll_event, 256> events;
  const auto deadline = is_open_loop() ? std::min(next_due_, next_look_) : next_look_;
  const auto timeout = until(now_, deadline);
  const int size = ::epoll_pwait2(epoll_, events.data(), events.size(), &timeout, nullptr);
  now_ = Clock::now();
  for (int i = 0; i < size; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    handle(*static_cast<Client*>(event.data.ptr), event.events);
  }
}

// A connection on which nothing is awaited may be closed by the server.
void Generator::handle(Client& client, unsigned events) {
  const bool finished = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  if (!client.is_waiting()) {
    if (finished) client.close();
    return;
  }
  try {
    if (client.go_on(finished)) succeed(client);
  } catch (const Failed& failed) {
    fail(client, failed.reason());
  }
}

void Generator::succeed(Client& client) {
  now_ = Clock::now();
  const auto latency = now_ - client.due();
  tally_.latencies.add(latency);
  ++tally_.replies;
  if (latencies_.is_open()) record(client);
  tally_.in_time += now_ <= end_;
  tally_.soon += now_ <= end_ && latency <= options_.soon;
  const bool leaves = options_.close_every > 0 && client.replies() >= options_.close_every;
  if (leaves || client.is_left()) client.close();
  free(client);
}

void Generator::record(const Client& client) {
  const auto latency = client.replied() - client.due();
  latencies_ << Seconds{client.due() - start_}.count() << ' ' << Seconds{latency}.count() << '\n';
}

void Generator::fail(Client& client, Failure reason) {
  if (!has_signalled()) {
    tally_.fail(reason);
  } else if (client.due() < signal_ && client.replies() > 0) {
    ++tally_.lost;
  } else {
    ++tally_.turned_away;
  }
  client.close();
  if (is_open_loop()) free_.push_back(&client);
}

void Generator::ask(Client& client, const Due& due) {
  try {
    if (!client.is_open()) {
      ++tally_.connects;
      client.connect(epoll_, address_);
    }
    client.ask(targets_[due.target], {options_.expected_field, options_.compare_every}, due.time);
  } catch (const Failed& failed) {
    fail(client, failed.reason());
  }
}

// After the signal, a client that was not sent away asks once more.
void Generator::free(Client& client) {
  if (is_open_loop()) {
    free_.push_back(&client);
  } else if (makes_requests() || (has_signalled() && client.is_open())) {
    ++tally_.offered;
    ask(client, {now_, next_target()});
  }
}

std::size_t Generator::next_target() { return next_target_++ % targets_.size(); }

void Generator::let_requests_fall_due() {
  if (!schedule_.empty()) return follow_schedule();
  std::exponential_distribution<double> gap{options_.rate};
  for (; next_due_ <= now_; next_due_ += ticks(Seconds{gap(random_)})) {
    ++tally_.offered;
    due_.push_back({next_due_, next_target()});
  }
}

// After its last request none ever falls due.
void Generator::follow_schedule() {
  while (next_due_ <= now_) {
    ++tally_.offered;
    const bool waits = due_.size() >= free_.size();
    due_.push_back({next_due_, schedule_[next_planned_].target, waits});
    const bool more = ++next_planned_ < schedule_.size();
    next_due_ = more ? start_ + ticks(schedule_[next_planned_].due) : end_ + ticks(Seconds{1});
  }
}

void Generator::serve_due() {
  while (!due_.empty() && !free_.empty()) {
    auto due = due_.front();
    due_.pop_front();
    if (!schedule_.empty() && !due.waits) due.time = Clock::now();
    ask(next_free(), due);
  }
}

// With a schedule the one that has been free for longest, so that all connections are used.
Client& Generator::next_free() {
  auto& client = schedule_.empty() ? *free_.back() : *free_.front();
  schedule_.empty() ? free_.pop_back() : free_.pop_front();
  return client;
}

void Generator::lose_patience() {
  const auto latest = now_ - ticks(options_.patience);
  for (auto& client : clients_) {
    if (client.is_waiting() && client.due() < latest) fail(client, Failure::patience);
  }
  for (; !due_.empty() && due_.front().time < latest; due_.pop_front()) ++tally_.unsent;
}

// In a closed loop, clients that failed connect anew.
void Generator::begin_again() {
  if (is_open_loop() || !makes_requests()) return;
  for (auto& client : clients_) {
    if (!client.is_waiting()) free(client);
  }
}

void Generator::signal() {
  if (options_.signalled == 0 || has_signalled() ||
      now_ < end_ - ticks(options_.duration) + ticks(options_.signalled_after)) {
    return;
  }
  for (const auto& client : clients_) {
    tally_.awaited += client.is_waiting() && client.replies() > 0;
  }
  now_ = signal_ = Clock::now();
  ::kill(options_.signalled, SIGTERM);
}

}  // namespace load
