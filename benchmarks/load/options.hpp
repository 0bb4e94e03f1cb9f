// The command line of the load generator.

#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace load {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

struct Options {
  std::uint16_t port = 0;       // on 127.0.0.1
  std::string targets;          // a file with lines of a target, and the file that its body is
  int connections = 8;          // at most, at once
  Seconds duration{1};          // in which requests are made
  double rate = 0;              // requests a second, whatever the server does; 0: each client
                                // asks again as soon as it has its reply
  std::string schedule;         // instead of a rate: a file of lines `seconds target`, which say
                                // when requests fall due, and for which of the targets, from 0
  std::string latencies;        // a file into which each reply's goes: seconds from start to due,
                                // and from there to the reply
  int close_every = 0;          // the client closes after so many replies; 0: never
  Seconds patience{10};         // until a client gives up
  Seconds soon{1};              // a reply within this time is counted as such
  std::string expected_field;   // a header line that every reply must have
  unsigned compare_every = 16;  // of so many replies to a client, all bytes of one are compared
  pid_t signalled = 0;          // the process that gets a SIGTERM
  Seconds signalled_after{0};   // so long after the start
};

class BadUsage : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

Options parse_options(int argc, char** argv);

}  // namespace load
