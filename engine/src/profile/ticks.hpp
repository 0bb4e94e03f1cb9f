// The clock of a profile: the processor's own counter, where it runs evenly, for that takes 10 ns
// and the system's clock more than twice as long.

#pragma once

#include <cstdint>

namespace flux::profile {

// The counter of the calling processor. Where it doesn't run evenly on all of them, nanoseconds.
std::uint64_t ticks() noexcept;

// What has passed since; 0 where the counters of two processors disagree by a little.
inline std::uint64_t between(std::uint64_t earlier, std::uint64_t later) noexcept {
  return later > earlier ? later - earlier : 0;
}

// How long a tick is, found out from when it is made to when `settle` is called.
class TickLength {
 public:
  TickLength() noexcept;

  // Waits, the first time, until enough has passed to tell: a few milliseconds at most.
  void settle() noexcept;

  std::uint64_t nanoseconds(std::uint64_t ticks) const noexcept {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>(Wide{ticks} * factor_ >> fraction_bits);
  }

 private:
  static constexpr unsigned fraction_bits = 32;

  std::uint64_t ticks_;
  std::uint64_t nanoseconds_;
  std::uint64_t factor_ = 0;
};

// The processor time of the calling thread, and of the process, in nanoseconds.
std::uint64_t thread_cpu() noexcept;
std::uint64_t process_cpu() noexcept;

// What a thread has used between two looks at its clock, without what looking takes: on short calls
// that is more than they do.
std::uint64_t cpu_between(std::uint64_t earlier, std::uint64_t later) noexcept;

// The system's steady clock, in nanoseconds.
std::uint64_t steady() noexcept;

}  // namespace flux::profile
