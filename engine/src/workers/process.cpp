#include "process.hpp"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace flux::workers {

Clock::time_point in(double seconds) noexcept {
  constexpr double longest = 1e9;
  const std::chrono::duration<double> time{std::min(seconds, longest)};
  return Clock::now() + std::chrono::duration_cast<Clock::duration>(time);
}

void Process::begin(pid_t process, nodes::detail::Descriptor its_line,
                    Clock::time_point its_limit) noexcept {
  pid = process;
  line = std::move(its_line);
  late = its_limit;
  due.reset();
  serves_since.reset();
}

void Process::note_service() noexcept {
  serves_since = Clock::now();
  late = never;
  has_served = true;
}

Restarts::Milliseconds Process::served() const noexcept {
  const auto now = Clock::now();
  return std::chrono::floor<Restarts::Milliseconds>(now - serves_since.value_or(now));
}

std::optional<Message> Process::heard() noexcept {
  Message message;
  const ssize_t size = line ? recv(line.get(), &message, sizeof message, MSG_DONTWAIT) : -1;
  if (size == sizeof message) return message;
  if (size == 0 || (size < 0 && errno == ECONNRESET)) line.reset();  // it is ending
  return std::nullopt;
}

void Process::send(int signal) const noexcept {
  if (pid != 0) kill(pid, signal);  // it isn't reaped, so nobody else has its number
}

std::optional<int> Process::ended() noexcept {
  int status = 0;
  if (pid == 0 || waitpid(pid, &status, WNOHANG) == 0) return std::nullopt;
  pid = 0;
  late = never;
  return WIFSIGNALED(status) ? signalled + WTERMSIG(status) : WEXITSTATUS(status);
}

std::string told(int status) {
  if (status <= signalled) return "has ended with " + std::to_string(status);
  const int signal = status - signalled;
  return "was ended by signal " + std::to_string(signal) + " (" + strsignal(signal) + ")";
}

}  // namespace flux::workers
