// One reader/writer lock a session, which lives only while a flow holds or awaits it.
//
// Sessions are spread over stripes by a hash. A stripe is a short list of the locks that live, each
// with the number of its users; the last one out takes it off the list. A stripe's guard is held
// for a few instructions, never while a flow waits for its session; so sessions that share a stripe
// don't exclude each other. Each stripe keeps one idle lock for its next session, and whoever puts
// a lock on the list is inside already: that takes no atomic operation of its own.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <flux/lock.hpp>
#include <memory>
#include <mutex>

namespace flux {

struct SessionLock {
  std::uint64_t session = 0;
  std::size_t users = 0;
  ReaderWriterLock lock{};
  std::unique_ptr<SessionLock> next{};
};

class SessionLocks {
 public:
  // A lock that was taken, and whether that took waiting.
  struct Taken {
    SessionLock* lock;
    bool has_waited;
  };

  // Take a session's lock, which stays where it is until all its users have given it back.
  Taken take(std::uint64_t session, Mode mode);
  void give_back(SessionLock& lock, Mode mode) noexcept;

  std::size_t live() noexcept;

 private:
  struct alignas(64) Stripe {
    ShortLock guard{};
    std::unique_ptr<SessionLock> first{};
    std::unique_ptr<SessionLock> spare{};

    // Keeps others away, if there can be others.
    std::unique_lock<ShortLock> guarded() noexcept {
      return on_one_thread ? std::unique_lock<ShortLock>{} : std::unique_lock{guard};
    }

    SessionLock* find(std::uint64_t session) const noexcept;
    SessionLock& add(std::uint64_t session, Mode mode);
  };

  static constexpr unsigned stripe_bits = 6;

  Stripe& stripe(std::uint64_t session) noexcept {
    return stripes_[(session * 0x9E37'79B9'7F4A'7C15u) >> (64 - stripe_bits)];
  }

  void leave(SessionLock& lock) noexcept;

  std::array<Stripe, std::size_t{1} << stripe_bits> stripes_{};
};

}  // namespace flux
