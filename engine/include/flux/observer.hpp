// Who is told what happens in a running program: tests, traces, profilers.
//
// The calls come on the threads that carry the flows, many at a time. Those about constraints may
// not throw: a constraint that was taken would never be given back.

#pragma once

#include <cstdint>
#include <flux/way.hpp>
#include <optional>

namespace flux {

class Flow;
struct Source;

struct Observer {
  virtual ~Observer() = default;

  // A constraint has been taken.
  virtual void taken(const char* /*constraint*/, bool /*reader*/,
                     std::optional<std::uint64_t> /*session*/) noexcept {}

  // A constraint is about to be given back.
  virtual void given_back(const char* /*constraint*/, bool /*reader*/,
                          std::optional<std::uint64_t> /*session*/) noexcept {}

  // A flow or a failed turn has ended; `path` is its number, if it has one.
  virtual void flow_ended(const Flow& /*flow*/, const Source& /*source*/, Outcome /*outcome*/,
                          std::optional<std::uint64_t> /*path*/) {}
};

}  // namespace flux
