// How a part of a flow ended, and which of its ways that was.
//
// Ways are numbered as docs/plan.md says: those of each kind from 0. While all goes well a flow's
// register adds them up; a failed way is put together on the way out, routine by routine. All
// arithmetic wraps, for a program may have more paths than numbers.

#pragma once

#include <cstdint>

namespace flux {

// How a flow ended: by itself, by a handler, or by an error that nobody handled.
enum class Outcome : unsigned char { finished, handled, failed };

// `if (auto way = ...)` asks whether the flow can't simply go on.
class [[nodiscard]] Way {
 public:
  enum class Kind : unsigned char { succeeded, failed, ended, over };

  constexpr explicit Way(Kind kind) noexcept : kind_{kind} {}

  constexpr explicit operator bool() const noexcept { return kind_ != Kind::succeeded; }
  friend constexpr bool operator==(Way, Way) noexcept = default;

 private:
  Kind kind_;
};

inline constexpr Way succeeded{Way::Kind::succeeded};
inline constexpr Way failed{Way::Kind::failed};
inline constexpr Way ended{Way::Kind::ended};  // a handler ran, and the flow is over
inline constexpr Way over{Way::Kind::over};    // the source has nothing more to give

// How many ways lead through a part of the program.
struct Ways {
  std::uint64_t succeeded = 1;
  std::uint64_t failed = 1;
  std::uint64_t ended = 0;
};

// Where a step's ways stand among those of its routine.
struct Numbers {
  std::uint64_t base = 0;
  std::uint64_t weight = 1;
  std::uint64_t failed = 0;
  std::uint64_t ended = 0;
};

// A step with a handler: the ways through what it handles, and those through the handler.
struct Handling {
  Numbers numbers{};
  Ways handled{};
  Ways handling{};
};

}  // namespace flux
