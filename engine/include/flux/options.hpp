// How a server runs: what its command line may choose, and what only an embedding program sets.

#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace flux {

struct Observer;

enum class RuntimeKind { thread, pool, event };

// As many workers as keep the processors busy while some of them wait.
std::size_t default_threads() noexcept;

struct Options {
  RuntimeKind runtime = RuntimeKind::thread;
  std::size_t threads = default_threads();  // the size of the pool
  std::size_t queue = 1024;                 // flows that may wait for it
  std::size_t cores = 1;                    // the loops of the event runtime
  std::size_t stack = 256;                  // KiB for each of its flows
  std::size_t stall = 200;                  // ms that a node may keep a loop busy untold; 0: any
  std::optional<std::size_t> max_flows{};   // flows alive at a time
  std::optional<std::size_t> workers{};     // processes, with a parent that looks after them
  double start_timeout = 60.0;              // seconds until each of these serves
  double drain = 25.0;                      // seconds to finish when stopped
  bool profile = false;                     // from the start
  std::optional<std::string> profile_file{};
  std::optional<std::string> profile_listen{};  // `127.0.0.1:9100`, `unix:PATH`
  std::optional<std::string> profile_token_file{};
  std::optional<std::string> trace{};    // where traces go: `http://127.0.0.1:4318`
  std::size_t trace_every = 1000;        // of so many flows, one is traced
  std::vector<std::string> arguments{};  // for `flux_init`: the program, then its own
  Observer* observer = nullptr;
};

// What is wrong with an option, and what to do about it.
class BadUsage : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

// Throws BadUsage if a number is out of its range.
void check(const Options& options);

// What a command line asks for.
struct Usage {
  bool help = false;
  bool version = false;
  Options options{};
};

// Throws BadUsage for a command line that can't be understood.
Usage parse(int argc, const char* const* argv);

// The text of `--help`.
std::string help(const std::string& program);

}  // namespace flux
