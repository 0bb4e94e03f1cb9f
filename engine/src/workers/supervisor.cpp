#include "supervisor.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "../nodes/failure.hpp"
#include "handing.hpp"
#include "hearing.hpp"
#include "process.hpp"
#include "sockets.hpp"

namespace flux::workers {

namespace {

using nodes::detail::Descriptor;
using Times = std::optional<Clock::time_point>;

constexpr int failed = 1;
constexpr int cut = 4;
constexpr double grace = 5.0;  // seconds that workers may take to end beyond their drain
constexpr std::chrono::seconds at_once{1};  // the same, when a second signal has come
constexpr auto never = Clock::time_point::max();

bool is_to_stop(int signal) noexcept { return signal == SIGTERM || signal == SIGINT; }

Clock::time_point in(double seconds) noexcept {
  constexpr double longest = 1e9;  // some thirty years
  const std::chrono::duration<double> time{std::min(seconds, longest)};
  return Clock::now() + std::chrono::duration_cast<Clock::duration>(time);
}

void tell(const std::string& line) noexcept { std::fprintf(stderr, "flux: %s\n", line.c_str()); }

// The first moments of a worker. It has a process group of its own, so that Ctrl-C reaches the
// parent only, which hands it on once: a second signal would be taken for impatience. For the same
// reason it has no terminal to read from. The system sends it SIGTERM when its parent has died.
void part_from(pid_t parent) noexcept {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) std::_Exit(signalled + SIGTERM);  // it died before that
  const Descriptor nothing{open("/dev/null", O_RDONLY | O_CLOEXEC)};
  dup2(nothing.get(), STDIN_FILENO);
}

class Supervisor {
 public:
  Supervisor(std::size_t count, double drain);

  std::optional<int> run();

 private:
  bool is_at_work() const noexcept;
  Clock::time_point next_due() const noexcept;
  std::vector<int> lines() const;
  bool start_those_due();
  bool becomes(Process& process);
  void listen_to(Process& process);
  void lend(Process& process, const Message& wish) noexcept;
  void note_service(Process& process) noexcept;
  void look_after(Process& process);
  void leave(Process& process, int status);
  void replace(Process& process, int status);
  void heed(int signal) noexcept;
  void stop(int signal) noexcept;
  void send(int signal) const noexcept;
  void end_those_late();
  int status() const noexcept;

  std::deque<Process> processes_{};
  Sockets sockets_{};
  Hearing hearing_{};
  double drain_;
  std::set<int> handed_on_{};
  bool has_begun_ = false;
  bool is_stopping_ = false;
  Clock::time_point deadline_ = never;
  std::vector<int> statuses_{};
};

Supervisor::Supervisor(std::size_t count, double drain) : drain_{drain} {
  for (std::size_t number = 0; number < count; ++number) {
    processes_.emplace_back(static_cast<int>(number));
  }
  processes_.front().due = Clock::now();
}

std::optional<int> Supervisor::run() {
  while (is_at_work()) {
    if (start_those_due()) return std::nullopt;
    hearing_.wait(lines(), std::min(next_due(), deadline_));
    while (const auto signal = hearing_.signal()) heed(*signal);
    for (Process& each : processes_) {
      listen_to(each);
      look_after(each);
    }
    end_those_late();
  }
  return status();
}

bool Supervisor::is_at_work() const noexcept {
  return std::ranges::any_of(processes_,
                             [](const Process& each) { return each.pid != 0 || each.due; });
}

Clock::time_point Supervisor::next_due() const noexcept {
  auto next = never;
  for (const Process& each : processes_) next = std::min(next, each.due.value_or(never));
  return next;
}

std::vector<int> Supervisor::lines() const {
  std::vector<int> found;
  for (const Process& each : processes_) {
    if (each.line) found.push_back(each.line.get());
  }
  return found;
}

// Start whoever is due; whether this process is one of those now.
bool Supervisor::start_those_due() {
  const auto now = Clock::now();
  return std::ranges::any_of(
      processes_, [&](Process& each) { return each.due.value_or(never) <= now && becomes(each); });
}

// Start a worker; whether this process is it now.
bool Supervisor::becomes(Process& process) {
  std::array<int, 2> ends{};
  nodes::detail::checked(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()),
                         "socketpair");
  Descriptor own{ends[0]};
  Descriptor its{ends[1]};
  sockets_.begin(process.number);
  const bool is_first = !std::exchange(has_begun_, true);
  std::fflush(nullptr);
  const pid_t parent = getpid();
  const pid_t pid = nodes::detail::checked(fork(), "fork");
  if (pid != 0) {
    process.begin(pid, std::move(own));
    return false;
  }
  part_from(parent);
  become(Worker{process.number, is_first, std::move(its)});
  return true;
}

// What workers say

void Supervisor::listen_to(Process& process) {
  while (const auto message = process.heard()) {
    switch (message->kind) {
      case Message::Kind::open:
        lend(process, *message);
        break;
      case Message::Kind::serves:
        note_service(process);
        break;
      case Message::Kind::over:
        process.is_over = true;
        break;
    }
  }
}

void Supervisor::lend(Process& process, const Message& wish) noexcept {
  try {
    const Lent lent = sockets_.lend(process.number, wish);
    send_answer(process.line.get(), 0, lent.descriptor);
  } catch (const std::system_error& error) {
    send_answer(process.line.get(), error.code().value(), -1);
  }
}

// A worker serves; if it is the first of all, the others may start.
void Supervisor::note_service(Process& process) noexcept {
  const bool is_beginning =
      std::ranges::none_of(processes_, [](const Process& each) { return each.has_served; });
  process.serves = process.has_served = true;
  if (!is_beginning || is_stopping_) return;
  for (Process& each : processes_) {
    if (&each != &process) each.due = Clock::now();
  }
}

// What becomes of them

void Supervisor::look_after(Process& process) {
  const auto status = process.ended();
  if (!status) return;
  listen_to(process);  // its last words
  process.line.reset();
  const int signal = *status - signalled;
  if (is_stopping_) {
    const bool is_asked_for = !process.serves && is_to_stop(signal);
    statuses_.push_back(is_asked_for ? 0 : *status);
  } else if (process.is_over || !process.has_served) {
    leave(process, *status);
  } else if (handed_on_.contains(signal)) {
    statuses_.push_back(*status);
    stop(SIGTERM);
  } else {
    replace(process, *status);
  }
}

// Nobody takes its place: the program is over, or can't begin.
void Supervisor::leave(Process& process, int status) {
  statuses_.push_back(status);
  sockets_.release(process.number);
  if (status != 0 && !process.has_served) {
    tell("worker " + std::to_string(process.number) + " " + told(status) +
         " before it served: the server doesn't start");
    stop(SIGTERM);
  }
}

void Supervisor::replace(Process& process, int status) {
  const auto lived = std::chrono::floor<Restarts::Milliseconds>(Clock::now() - process.started);
  const auto delay = process.restarts.delay(lived);
  const std::string what = "worker " + std::to_string(process.number) + " " + told(status);
  if (!delay) {
    tell(what + ", as those before it: the server gives up");
    statuses_.push_back(status != 0 ? status : failed);
    stop(SIGTERM);
    return;
  }
  const auto tenths = delay->count() / 100;
  tell(what + ": another one starts " +
       (tenths == 0
            ? "now"
            : "in " + std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s"));
  process.due = Clock::now() + *delay;
}

// The end

void Supervisor::heed(int signal) noexcept {
  if (is_to_stop(signal) && is_stopping_) {
    send(signal);
    deadline_ = std::min(deadline_, Clock::now() + at_once);
  } else if (is_to_stop(signal)) {
    stop(signal);
  } else if (signal != SIGCHLD) {
    handed_on_.insert(signal);
    send(signal);
  }
}

// Let all workers end, each when its flows have finished.
void Supervisor::stop(int signal) noexcept {
  if (std::exchange(is_stopping_, true)) return;
  sockets_.close();
  for (Process& each : processes_) each.due.reset();
  send(signal);
  deadline_ = in(drain_ + grace);
}

void Supervisor::send(int signal) const noexcept {
  for (const Process& each : processes_) each.send(signal);
}

void Supervisor::end_those_late() {
  if (Clock::now() < deadline_) return;
  deadline_ = never;
  for (const Process& each : processes_) {
    if (each.pid != 0) {
      tell("worker " + std::to_string(each.number) + " does not end, and is killed");
      each.send(SIGKILL);
    }
  }
}

// A failure, or else that flows were cut, or else none.
int Supervisor::status() const noexcept {
  const auto is_failure = [](int each) { return each != 0 && each != cut; };
  const auto failure = std::ranges::find_if(statuses_, is_failure);
  if (failure != statuses_.end()) return *failure;
  return statuses_.empty() ? 0 : std::ranges::max(statuses_);
}

}  // namespace

std::optional<int> supervise(std::size_t count, double drain) {
  return Supervisor{count, drain}.run();
}

}  // namespace flux::workers
