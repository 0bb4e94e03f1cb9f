// Errors that no handler took, told on stderr, but not a thousand times a second.
//
// Each kind of error (a place in the program and a type or a code) has a bucket of tokens: a few
// are told at once, then one a second, with the number of those in between.

#pragma once

#include <chrono>
#include <cstdint>
#include <flux/error.hpp>
#include <flux/lock.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace flux {

class Reports {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;
  using Sink = std::function<void(const std::string& line)>;

  Reports();
  Reports(Clock clock, Sink sink);

  // Tell of an error at a place of the program.
  void failure(const std::string& place, const Error& error) noexcept;

  // Tell of the exception that is being caught.
  void exception(const char* place) noexcept;

  // Tell the numbers that are still untold.
  void flush() noexcept;

 private:
  using Time = std::chrono::steady_clock::time_point;
  using Kind = std::pair<std::string, std::string>;

  // What may still be told of one kind of error, and what was not.
  struct Bucket {
    explicit Bucket(Time now) noexcept : filled{now} {}
    bool take(Time now) noexcept;

    double tokens = 5;
    Time filled;
    std::uint64_t suppressed = 0;
  };

  void tell_failure(const std::string& place, const Error& error);
  std::optional<std::uint64_t> admit(Kind kind, Time now);
  Bucket& bucket(Kind kind, Time now);

  Clock clock_;
  Sink sink_;
  ShortLock guard_{};
  std::map<Kind, Bucket> buckets_{};
};

// A text with what isn't printable made visible: it may come from the network.
std::string printable(const std::string& text);

}  // namespace flux
