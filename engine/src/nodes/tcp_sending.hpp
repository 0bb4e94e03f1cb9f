// Parts on their way: what is left to send of them, as sendmsg wants it.

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

  // Send what the socket takes of it; the result of sendmsg.
  ssize_t send(int socket) noexcept;

 private:
  static constexpr std::size_t window = 64;

  // So many more bytes are sent.
  void skip(std::size_t sent) noexcept;

  std::span<const Bytes> parts_;
  std::size_t offset_ = 0;  // what is sent of the first part
};

}  // namespace flux::nodes::detail
