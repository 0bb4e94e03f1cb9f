// The constraints of a program, and how a flow takes them.
//
// A constraint is one lock, whoever names it and in whatever mode; a session constraint is one lock
// for each session.

#ifndef FLUX_CONSTRAINT_HPP
#define FLUX_CONSTRAINT_HPP

#include <cstdint>
#include <flux/flow.hpp>
#include <flux/lock.hpp>
#include <flux/session_locks.hpp>
#include <optional>

namespace flux {

inline void take(ReaderWriterLock& lock, Mode mode) noexcept {
  mode == Mode::reader ? lock.lock_shared() : lock.lock();
}

inline void give_back(ReaderWriterLock& lock, Mode mode) noexcept {
  mode == Mode::reader ? lock.unlock_shared() : lock.unlock();
}

class Constraint {
 public:
  explicit constexpr Constraint(const char* name) noexcept : name_{name} {}

  class Take;
  constexpr Take reader() noexcept;
  constexpr Take writer() noexcept;

 private:
  const char* name_;
  ReaderWriterLock lock_{};
};

// A constraint in a mode; `Hold` takes it and gives it back.
class Constraint::Take {
 public:
  constexpr Take(Constraint& constraint, Mode mode) noexcept
      : constraint_{constraint}, mode_{mode} {}

  void take(Flow&) noexcept { flux::take(constraint_.lock_, mode_); }
  void give_back() noexcept { flux::give_back(constraint_.lock_, mode_); }

  const char* name() const noexcept { return constraint_.name_; }
  bool reads() const noexcept { return mode_ == Mode::reader; }
  std::optional<std::uint64_t> session() const noexcept { return std::nullopt; }

 private:
  Constraint& constraint_;
  const Mode mode_;
};

constexpr Constraint::Take Constraint::reader() noexcept { return {*this, Mode::reader}; }
constexpr Constraint::Take Constraint::writer() noexcept { return {*this, Mode::writer}; }

class SessionConstraint {
 public:
  explicit constexpr SessionConstraint(const char* name) : name_{name} {}

  class Take;
  Take reader() noexcept;
  Take writer() noexcept;

  // How many locks live: those of the sessions whose flows hold or await one.
  std::size_t live() noexcept { return locks_.live(); }

 private:
  const char* name_;
  SessionLocks locks_{};
};

// A session constraint in a mode, taken for the flow's session.
class SessionConstraint::Take {
 public:
  Take(SessionConstraint& constraint, Mode mode) noexcept : constraint_{constraint}, mode_{mode} {}

  void take(Flow& flow) {
    lock_ = &constraint_.locks_.join(flow.session);
    flux::take(lock_->lock, mode_);
  }

  void give_back() noexcept {
    flux::give_back(lock_->lock, mode_);
    constraint_.locks_.leave(*lock_);
  }

  const char* name() const noexcept { return constraint_.name_; }
  bool reads() const noexcept { return mode_ == Mode::reader; }
  std::optional<std::uint64_t> session() const noexcept { return lock_->session; }

 private:
  SessionConstraint& constraint_;
  const Mode mode_;
  SessionLock* lock_ = nullptr;
};

inline SessionConstraint::Take SessionConstraint::reader() noexcept {
  return {*this, Mode::reader};
}
inline SessionConstraint::Take SessionConstraint::writer() noexcept {
  return {*this, Mode::writer};
}

}  // namespace flux

#endif
