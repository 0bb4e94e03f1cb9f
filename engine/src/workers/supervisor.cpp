#include "supervisor.hpp"

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <string>
#include <system_error>
#include <utility>

#include "../nodes/failure.hpp"
#include "child.hpp"
#include "crew.hpp"
#include "handing.hpp"
#include "hearing.hpp"
#include "sockets.hpp"
#include "statuses.hpp"

namespace flux::workers {

namespace {

using nodes::detail::Descriptor;

constexpr double grace = 5.0;  // seconds that workers may take to end beyond their drain
constexpr std::chrono::seconds at_once{1};  // the same, when a second signal has come

bool is_to_stop(int signal) noexcept { return signal == SIGTERM || signal == SIGINT; }

void tell(const std::string& line) noexcept { std::fprintf(stderr, "flux: %s\n", line.c_str()); }

// Seconds as people write them: 60, 0.5.
std::string text_of(double seconds) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g s", seconds);
  return text.data();
}

std::string name_of(const Process& process) { return "worker " + std::to_string(process.number); }

class Supervisor {
 public:
  Supervisor(std::size_t count, Patience patience);

  std::optional<int> run();

 private:
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
  void end_those_that_hang();
  void end_those_late();

  Crew crew_;
  Patience patience_;
  Sockets sockets_{};
  Hearing hearing_{};
  std::set<int> handed_on_{};
  bool has_begun_ = false;
  bool is_stopping_ = false;
  Clock::time_point deadline_ = never;
  Statuses statuses_{};
};

Supervisor::Supervisor(std::size_t count, Patience patience) : crew_{count}, patience_{patience} {
  crew_.begin()->due = Clock::now();
}

std::optional<int> Supervisor::run() {
  while (crew_.is_at_work()) {
    if (start_those_due()) return std::nullopt;
    hearing_.wait(crew_.lines(), std::min(crew_.next_due(), deadline_));
    while (const auto signal = hearing_.signal()) heed(*signal);
    for (Process& each : crew_) {
      listen_to(each);
      look_after(each);
    }
    end_those_that_hang();
    end_those_late();
  }
  return statuses_.together();
}

// Start whoever is due; whether this process is one of those now.
bool Supervisor::start_those_due() {
  const auto now = Clock::now();
  return std::ranges::any_of(
      crew_, [&](Process& each) { return each.due.value_or(never) <= now && becomes(each); });
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
    process.begin(pid, std::move(own), in(patience_.start));
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
  const bool is_beginning = !crew_.has_served();
  process.note_service();
  if (!is_beginning || is_stopping_) return;
  for (Process& each : crew_) {
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
    const bool is_asked_for = !process.serves_since && is_to_stop(signal);
    statuses_.add(is_asked_for ? 0 : *status);
  } else if (process.is_over || !process.has_served) {
    leave(process, *status);
  } else if (handed_on_.contains(signal)) {
    statuses_.add(*status);
    stop(SIGTERM);
  } else {
    replace(process, *status);
  }
}

// Nobody takes its place: the program is over, or can't begin.
void Supervisor::leave(Process& process, int status) {
  statuses_.add(status);
  sockets_.release(process.number);
  if (status != 0 && !process.has_served) {
    tell(name_of(process) + " " + told(status) + " before it served: the server doesn't start");
    stop(SIGTERM);
  }
}

void Supervisor::replace(Process& process, int status) {
  const auto delay = process.restarts.delay(process.served());
  const std::string what = name_of(process) + " " + told(status);
  if (!delay) {
    tell(what + ", as those before it: the server gives up");
    statuses_.add(status != 0 ? status : Statuses::failed);
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
    crew_.send(signal);
    deadline_ = std::min(deadline_, Clock::now() + at_once);
  } else if (is_to_stop(signal)) {
    stop(signal);
  } else if (signal != SIGCHLD) {
    handed_on_.insert(signal);
    crew_.send(signal);
  }
}

// Let all workers end, each when its flows have finished.
void Supervisor::stop(int signal) noexcept {
  if (std::exchange(is_stopping_, true)) return;
  sockets_.close();
  crew_.let_be();
  crew_.send(signal);
  deadline_ = in(patience_.drain + grace);
}

// One that hangs in its start would be there for ever, and serve nobody.
void Supervisor::end_those_that_hang() {
  const auto now = Clock::now();
  for (Process& each : crew_) {
    if (each.late > now) continue;
    each.late = never;
    tell(name_of(each) + " doesn't serve after " + text_of(patience_.start) +
         ", and is killed; --start-timeout gives it more time");
    each.send(SIGKILL);
  }
}

void Supervisor::end_those_late() {
  if (Clock::now() < deadline_) return;
  deadline_ = never;
  for (const Process& each : crew_) {
    if (each.pid != 0) {
      tell(name_of(each) + " does not end, and is killed");
      each.send(SIGKILL);
    }
  }
}

}  // namespace

std::optional<int> supervise(std::size_t count, Patience patience) {
  return Supervisor{count, patience}.run();
}

}  // namespace flux::workers
