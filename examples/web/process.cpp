#include "process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto grace_after_terminating = 1000ms;
constexpr auto longest_look = 50ms;  // between two looks whether it has ended

void check(int error) {
  if (error != 0) throw ScriptError{std::generic_category().message(error)};
}

// Both ends of a pipe: that for reading, and that for writing.
std::pair<Socket, Socket> make_pipe() {
  std::array<int, 2> ends{};
  check(::pipe2(ends.data(), O_CLOEXEC) == 0 ? 0 : errno);
  return {Socket{ends[0]}, Socket{ends[1]}};
}

// Our end of a pipe, once it doesn't block.
Socket ours(Socket end) {
  ::fcntl(end.descriptor(), F_SETFL, O_NONBLOCK);
  return end;
}

// What a child does before it becomes a program.
class Actions {
 public:
  Actions() { check(::posix_spawn_file_actions_init(&actions_)); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  ~Actions() { ::posix_spawn_file_actions_destroy(&actions_); }

  void go_to(const std::string& folder) {
    check(::posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str()));
  }

  void take(const Socket& end, int number) {
    check(::posix_spawn_file_actions_adddup2(&actions_, end.descriptor(), number));
  }

  void close_others() {
#if __GLIBC_PREREQ(2, 34)
    check(::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1));
#endif
  }

  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

// A session of its own, and signals as they usually are.
class Attributes {
 public:
  Attributes() {
    check(::posix_spawnattr_init(&attributes_));
    sigset_t signals;
    sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes_, &signals);
    sigfillset(&signals);
    ::posix_spawnattr_setsigdefault(&attributes_, &signals);
    constexpr int flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    check(::posix_spawnattr_setflags(&attributes_, static_cast<short>(flags)));
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }

  [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

std::vector<std::string> lines_of(const Parameters& environment) {
  std::vector<std::string> lines;
  for (const auto& [name, value] : environment) lines.push_back(name + '=' + value);
  return lines;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> found;
  for (auto& text : texts) found.push_back(text.data());
  found.push_back(nullptr);
  return found;
}

}  // namespace

Process::Process(const std::string& path, const Parameters& environment, Pipes& pipes) {
  auto input = make_pipe();
  auto output = make_pipe();
  auto complaints = make_pipe();
  Actions actions;
  actions.go_to(path.substr(0, path.rfind('/')));
  actions.take(input.first, STDIN_FILENO);
  actions.take(output.second, STDOUT_FILENO);
  actions.take(complaints.second, STDERR_FILENO);
  actions.close_others();
  const Attributes attributes;
  std::vector<std::string> words{path};
  auto lines = lines_of(environment);
  check(::posix_spawn(&number_, path.c_str(), actions.get(), attributes.get(),
                      pointers(words).data(), pointers(lines).data()));
  pipes = {ours(std::move(input.second)), ours(std::move(output.first)),
           ours(std::move(complaints.first))};
}

void Process::end(std::chrono::milliseconds grace) {
  if (number_ == 0) return;
  if (!has_ended(grace)) {
    ::kill(-number_, SIGTERM);
    has_ended(grace_after_terminating);
    ::kill(-number_, SIGKILL);
  }
  while (::waitpid(number_, nullptr, 0) < 0 && errno == EINTR) {
  }
  number_ = 0;
}

// Its number stays its own until it is waited for, which this doesn't do.
bool Process::has_ended(std::chrono::milliseconds patience) const {
  const auto deadline = Clock::now() + patience;
  for (auto pause = 1ms;; pause = std::min(2 * pause, longest_look)) {
    siginfo_t told{};
    const int failed =
        ::waitid(P_PID, static_cast<id_t>(number_), &told, WEXITED | WNOWAIT | WNOHANG);
    if (failed != 0 || told.si_pid != 0) return true;
    if (Clock::now() >= deadline) return false;
    std::this_thread::sleep_for(pause);
  }
}
