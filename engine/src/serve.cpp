// A program as a process: its command line, its surroundings, its end.

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <flux/server.hpp>
#include <flux/version.hpp>
#include <utility>

#include "exits.hpp"
#include "workers/supervisor.hpp"
#include "workers/worker.hpp"

namespace flux {

namespace {

// Else the first connection would become the program's standard output.
void open_standard_descriptors() noexcept {
  for (int each = STDIN_FILENO; each <= STDERR_FILENO; ++each) {
    if (fcntl(each, F_GETFD) == -1) {
      [[maybe_unused]] const int opened = open("/dev/null", O_RDWR);
    }
  }
}

// A client that goes is an error of the node that writes to it. The handler does nothing; unlike
// SIG_IGN it isn't inherited by other programs that nodes start.
void survive_broken_pipes() noexcept {
  struct sigaction action {};
  action.sa_handler = [](int) {};
  action.sa_flags = SA_RESTART;
  sigaction(SIGPIPE, &action, nullptr);
}

// End without destroying what abandoned flows still use. One of them may hold a stream for ever.
[[noreturn]] void end_at_once(int status) noexcept {
  if (ftrylockfile(stdout) == 0) {
    fflush(stdout);
  }
  std::_Exit(status);
}

int serve(Program program, Options options) {
  Server server{std::move(program), std::move(options)};
  const int status = server.run();
  if (const auto* const worker = workers::own(); worker != nullptr && !server.drained()) {
    worker->is_over();
  }
  if (server.abandons()) {
    end_at_once(status);
  }
  return status;
}

}  // namespace

int main(Program program, int argc, char** argv) {
  open_standard_descriptors();
  survive_broken_pipes();
  try {
    const Usage usage = parse(argc, argv);
    if (usage.help) {
      fputs(help(usage.options.arguments.front()).c_str(), stdout);
      return 0;
    }
    if (usage.version) {
      printf("%s, made with flux %s\n", program.name.c_str(), version);
      return 0;
    }
    if (const auto workers = usage.options.workers) {
      const workers::Patience patience{usage.options.start_timeout, usage.options.drain};
      if (const auto status = workers::supervise(*workers, patience)) return *status;
    }
    return serve(std::move(program), usage.options);
  } catch (const BadUsage& bad) {
    fprintf(stderr, "flux: %s\n", bad.what());
    return exit_usage;
  } catch (const std::exception& error) {
    fprintf(stderr, "flux: %s\n", error.what());
    return exit_failed;
  }
}

}  // namespace flux
