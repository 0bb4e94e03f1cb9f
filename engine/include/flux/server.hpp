// A program at work: its sources, what carries its flows, and how it starts and stops.

#pragma once

#include <cstdint>
#include <flux/options.hpp>
#include <flux/program.hpp>
#include <memory>
#include <optional>
#include <string>

namespace flux {

// What became of the flows so far; `dropped` counts the turns that failed.
struct Counters {
  std::uint64_t started = 0;
  std::uint64_t finished = 0;
  std::uint64_t handled = 0;
  std::uint64_t failed = 0;
  std::uint64_t dropped = 0;

  // The flows that have started and not ended, queued ones included.
  std::uint64_t in_flight() const noexcept { return started - finished - handled - failed; }
};

// What became of the flows that were in flight when the server stopped.
struct Drained {
  std::uint64_t finished = 0;
  std::uint64_t cut = 0;
};

class Server {
 public:
  // Throws BadUsage if a number is out of its range.
  explicit Server(Program program, Options options = {});
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  // Serve until SIGTERM or SIGINT, `stop`, or the program's own end; the exit status. Once.
  int run();

  // Do what the first signal does; also from a node.
  void stop() noexcept;

  Counters counters() const;

  // What the server let finish when it was stopped; none if the program ended by itself.
  std::optional<Drained> drained() const noexcept;

  // The nodes on a path; "" where the program has no tables of its paths.
  std::string path_name(const Source& source, std::uint64_t number) const;

  // Whether turns or flows still run that were cut. The process should end by `_Exit` then, for
  // they may use whatever a normal end destroys.
  bool abandons() noexcept;

 private:
  class Inside;
  std::shared_ptr<Inside> inside_;
};

}  // namespace flux
