// How many calls may wait for their clients at once.
//
// On a pool each such call has a thread. Clients who send or take a byte now and then, as if to be
// just quick enough for every deadline, could have all of them, and nobody else would be served. So
// above a bound the call that has waited longest is given up, as if its deadline had come: a client
// that does say something begins a new wait, which is the youngest.

#pragma once

#include <cstddef>
#include <flux/lock.hpp>

namespace flux::nodes::detail {

class Patience {
 public:
  // 0: any number may wait.
  explicit Patience(std::size_t most) noexcept : most_{most} {}
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;

  // A call that waits, as long as this is there, for a socket to be ready for an event.
  class Wait {
   public:
    Wait(Patience& patience, int descriptor, short event) noexcept;
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;
    ~Wait();

    // Whether it has been given up; the socket then is as good as ended, so that no wait goes on.
    bool is_given_up() const noexcept;

   private:
    friend Patience;

    Patience& patience_;
    const int descriptor_;
    const short event_;
    bool is_given_up_ = false;
    Wait* previous_ = nullptr;
    Wait* next_ = nullptr;
  };

 private:
  void enter(Wait& wait) noexcept;
  void leave(Wait& wait) noexcept;
  void give_up(Wait& wait) noexcept;

  const std::size_t most_;
  ShortLock lock_;  // guards all that follows, and the waits
  std::size_t count_ = 0;
  Wait* oldest_ = nullptr;
  Wait* youngest_ = nullptr;
};

}  // namespace flux::nodes::detail
