// Many clients in one thread: makes the requests, and tells what came of them.
//
// In a closed loop each client asks again as soon as it has its reply: the server sets the pace. In
// an open loop requests fall due at random moments (a Poisson process of the rate asked for, the
// same in every run) or by a schedule, whatever the server does; a latency counts from there, so
// that what a client waits for a connection is in it.
//
// With a schedule all clients are connected before it begins, and ask in turn. A latency in its
// file tells of the server alone: it counts from when the request was sent, if a client was free
// when it fell due, and up to when the system had the whole reply. How late this program woke up
// for either is no part of it.

#pragma once

#include <netinet/in.h>

#include <deque>
#include <fstream>
#include <random>
#include <vector>

#include "client.hpp"
#include "options.hpp"
#include "schedule.hpp"
#include "tally.hpp"
#include "target.hpp"

namespace load {

class Generator {
 public:
  Generator(const Options& options, const std::vector<Target>& targets);
  Generator(const Generator&) = delete;
  Generator& operator=(const Generator&) = delete;
  ~Generator();

  Tally run();

 private:
  struct Due {
    Clock::time_point time;
    std::size_t target;
    bool waits = false;  // for a client
  };

  bool is_open_loop() const { return options_.rate > 0 || !schedule_.empty(); }
  bool makes_requests() const { return now_ < end_ && !has_signalled(); }
  bool has_signalled() const { return signal_ <= now_; }
  bool is_over() const;

  void step();
  void wait();
  void handle(Client& client, unsigned events);
  void succeed(Client& client);
  void fail(Client& client, Failure reason);
  void connect_all();
  void record(const Client& client);
  void ask(Client& client, const Due& due);
  void free(Client& client);

  void let_requests_fall_due();
  void follow_schedule();
  std::size_t next_target();
  void serve_due();
  Client& next_free();
  void lose_patience();
  void begin_again();
  void signal();

  const Options& options_;
  const std::vector<Target>& targets_;
  sockaddr_in address_{};
  int epoll_;
  std::vector<Client> clients_;
  std::deque<Client*> free_;
  std::deque<Due> due_;  // requests that wait for a free client
  std::vector<Planned> schedule_;
  std::size_t next_planned_ = 0;
  std::ofstream latencies_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point now_ = start_;
  Clock::time_point end_ = now_ + std::chrono::duration_cast<Clock::duration>(options_.duration);
  Clock::time_point next_due_ = now_;
  Clock::time_point next_look_ = now_;
  Clock::time_point signal_ = Clock::time_point::max();
  std::size_t next_target_ = 0;
  std::mt19937_64 random_{1};
  Tally tally_;
};

}  // namespace load
