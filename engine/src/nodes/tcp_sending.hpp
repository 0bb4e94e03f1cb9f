// Parts on their way: what is left to send of them.
//
// Small parts are copied together, for the kernel takes one piece with less ado than several: a
// `sendmsg` of two costs some 0.3 us more than a `send` of the same bytes.

#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <span>

#include "flux/nodes/bytes.hpp"

namespace flux::nodes::detail {

class Unsent {
 public:
  explicit Unsent(std::span<const Bytes> parts) noexcept : parts_(parts) { skip(0); }

  bool empty() const noexcept { return parts_.empty(); }

  // Send what the socket takes of it; the result of the system call.
  ssize_t send(int socket) noexcept;

 private:
  static constexpr std::size_t window = 64;
  static constexpr std::size_t small = 4096;  // bytes

  bool is_small() const noexcept;
  ssize_t send_together(int socket) const noexcept;
  ssize_t send_gathered(int socket) const noexcept;

  // So many more bytes are sent.
  void skip(std::size_t sent) noexcept;

  std::span<const Bytes> parts_;
  std::size_t offset_ = 0;  // what is sent of the first part
};

}  // namespace flux::nodes::detail
