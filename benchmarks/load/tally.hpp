// What came of all requests.

#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>

#include "histogram.hpp"
#include "reply.hpp"

namespace load {

struct Tally {
  std::uint64_t offered = 0;   // requests that were to be made
  std::uint64_t unsent = 0;    // of these: no connection was free, until the client gave up
  std::uint64_t replies = 0;   // good ones
  std::uint64_t in_time = 0;   // of these: before the end of the measurement
  std::uint64_t soon = 0;      // of these: so soon after the request was due as was asked for
  std::uint64_t connects = 0;  // connections made
  std::array<std::uint64_t, std::size(failure_names)> failures{};
  Histogram latencies;

  // From the moment of the signal on.
  std::uint64_t awaited = 0;      // replies that were due, on connections that had given one before
  std::uint64_t lost = 0;         // of these: never came whole
  std::uint64_t turned_away = 0;  // later requests, or on connections perhaps never accepted

  void fail(Failure reason) { ++failures[static_cast<std::size_t>(reason)]; }

  std::string json(double cpu_seconds) const;
};

}  // namespace load
