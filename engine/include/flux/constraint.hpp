// The constraints of a program, and how a flow takes them.
//
// A constraint is one lock, whoever names it and in whatever mode; a session constraint is one lock
// for each session.

#pragma once

#include <cstdint>
#include <flux/flow.hpp>
#include <flux/lock.hpp>
#include <flux/session_locks.hpp>
#include <optional>

namespace flux {

class Constraint {
 public:
  explicit constexpr Constraint(const char* name) noexcept : name_{name} {}

  template <Mode mode>
  class Take;
  constexpr Take<Mode::reader> reader() noexcept;
  constexpr Take<Mode::writer> writer() noexcept;

 private:
  const char* name_;
  ReaderWriterLock lock_{};
};

// A constraint in a mode; `Hold` takes it and gives it back.
template <Mode mode>
class Constraint::Take {
 public:
  explicit constexpr Take(Constraint& constraint) noexcept : constraint_{constraint} {}

  // Whether the flow had to wait.
  bool take(Flow&) noexcept { return flux::take(constraint_.lock_, mode); }
  void give_back() noexcept { flux::give_back(constraint_.lock_, mode); }

  const char* name() const noexcept { return constraint_.name_; }
  bool reads() const noexcept { return mode == Mode::reader; }
  std::optional<std::uint64_t> session() const noexcept { return std::nullopt; }

 private:
  Constraint& constraint_;
};

constexpr Constraint::Take<Mode::reader> Constraint::reader() noexcept {
  return Take<Mode::reader>{*this};
}
constexpr Constraint::Take<Mode::writer> Constraint::writer() noexcept {
  return Take<Mode::writer>{*this};
}

class SessionConstraint {
 public:
  explicit constexpr SessionConstraint(const char* name) : name_{name} {}

  template <Mode mode>
  class Take;
  Take<Mode::reader> reader() noexcept;
  Take<Mode::writer> writer() noexcept;

  // How many locks live: those of the sessions whose flows hold or await one.
  std::size_t live() noexcept { return locks_.live(); }

 private:
  const char* name_;
  SessionLocks locks_{};
};

// A session constraint in a mode, taken for the flow's session.
template <Mode mode>
class SessionConstraint::Take {
 public:
  explicit Take(SessionConstraint& constraint) noexcept : constraint_{constraint} {}

  // Whether the flow had to wait.
  bool take(Flow& flow) {
    const auto [lock, has_waited] = constraint_.locks_.take(flow.session, mode);
    lock_ = lock;
    return has_waited;
  }
  void give_back() noexcept { constraint_.locks_.give_back(*lock_, mode); }

  const char* name() const noexcept { return constraint_.name_; }
  bool reads() const noexcept { return mode == Mode::reader; }
  std::optional<std::uint64_t> session() const noexcept { return lock_->session; }

 private:
  SessionConstraint& constraint_;
  SessionLock* lock_ = nullptr;
};

inline SessionConstraint::Take<Mode::reader> SessionConstraint::reader() noexcept {
  return Take<Mode::reader>{*this};
}
inline SessionConstraint::Take<Mode::writer> SessionConstraint::writer() noexcept {
  return Take<Mode::writer>{*this};
}

}  // namespace flux
