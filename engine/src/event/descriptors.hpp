// What a loop knows of each descriptor, and which of its fibers wait for it.
//
// The kernel tells changes, edge by edge. `may_read` says whether there may be something to read:
// it is cleared by a read that came to the end of what there was, and set by the next edge. So who
// reads a message and then the next one waits at once, without a try that fails. Only TCP gives all
// there is at once; and not where urgent data or an end were told, which are told once.

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "files.hpp"
#include "poller.hpp"

namespace flux::event {

class Waiting;

// One descriptor that somebody waits for, and the events for which he does.
struct Interest {
  int descriptor = -1;
  std::uint32_t wanted = 0;
  std::uint32_t got = 0;
  bool closed = false;  // while he waited
  Waiting* waiting = nullptr;
  Interest* previous = nullptr;
  Interest* next = nullptr;
};

struct Descriptor {
  Age age = 0;
  bool registered = false;
  bool is_tcp = false;
  bool may_read = true;
  bool is_special = false;
  std::uint8_t subscriber = 0;  // of the loop's; 0: none
  Interest* first = nullptr;
  std::uint64_t token = 0;  // what the subscriber knows it by
};

class Descriptors {
 public:
  Descriptors(Poller& poller, unsigned loop) noexcept : poller_{poller}, loop_{loop} {}

  // What is known of a descriptor that is registered and of this age; else null.
  Descriptor* known(int descriptor) noexcept;

  // Add an interest; 0, or an errno: EPERM is a file that is always ready.
  int enter(Interest& interest) noexcept;
  void leave(Interest& interest) noexcept;

  // Let a subscriber hear of all changes of a TCP socket that never blocks, and of its present
  // state; 0, or an errno.
  int subscribe(int descriptor, std::uint8_t subscriber, std::uint64_t token) noexcept;

  // The kernel has told of a change; the descriptor, if it is still the same.
  Descriptor* heard(int descriptor, std::uint32_t events) noexcept;

  // The descriptor of this age and all before has been closed.
  void closed(int descriptor, Age age) noexcept;

 private:
  static constexpr std::size_t block_size = 256;
  using Block = std::array<Descriptor, block_size>;

  Descriptor& at(int descriptor);
  int make_known(Descriptor& known, int descriptor) noexcept;
  static void close_all(Descriptor& known) noexcept;

  Poller& poller_;
  unsigned loop_;
  std::vector<std::unique_ptr<Block>> blocks_{};
};

}  // namespace flux::event
