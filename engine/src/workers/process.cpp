#include "process.hpp"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace flux::workers {

void Process::begin(pid_t process, nodes::detail::Descriptor its_line) noexcept {
  pid = process;
  line = std::move(its_line);
  started = Clock::now();
  due.reset();
  serves = false;
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
  return WIFSIGNALED(status) ? signalled + WTERMSIG(status) : WEXITSTATUS(status);
}

std::string told(int status) {
  if (status <= signalled) return "has ended with " + std::to_string(status);
  const int signal = status - signalled;
  return "was ended by signal " + std::to_string(signal) + " (" + strsignal(signal) + ")";
}

}  // namespace flux::workers
