// A fiber that waits for the first of several things: descriptors, a moment, a signal.

#pragma once

#include <optional>
#include <span>

#include "descriptors.hpp"
#include "timers.hpp"

namespace flux::event {

class Fiber;
class Loop;
struct Awaited;

// Why a wait has ended.
enum class Woken { ready, closed, late, interrupted };

class Waiting final : public Timer {
 public:
  Waiting(Loop& loop, Fiber& fiber) noexcept : loop_{loop}, fiber_{fiber} {}

  // Wait; `interruptible`: also for a signal. The interests tell what was got.
  Woken wait(std::span<Interest> interests, std::optional<Time> deadline, const char* what,
             bool interruptible) noexcept;

  // Something has come that is waited for.
  void wake() noexcept;

  // A signal has come.
  void interrupt() noexcept;

 private:
  friend class Interruptible;

  void ring() noexcept override;
  std::optional<Woken> enter(std::span<Interest> interests, std::size_t& entered) noexcept;
  Woken sleep(std::optional<Time> deadline, const Awaited& awaited, bool interruptible) noexcept;

  Loop& loop_;
  Fiber& fiber_;
  bool is_over_ = false;
  bool is_late_ = false;
  bool is_interrupted_ = false;
  bool is_blind_ = false;       // something can't be watched, so it is tried again and again
  Waiting* earlier_ = nullptr;  // of those that signals interrupt
  Waiting* later_ = nullptr;
};

// Wait for one descriptor, as the fiber that runs.
Woken wait_for(int descriptor, std::uint32_t events, std::optional<Time> deadline,
               const char* what) noexcept;

}  // namespace flux::event
