// Sending to sockets, as a fiber does it: all of it, as a blocking socket would.

#pragma once

#include <sys/socket.h>
#include <sys/types.h>

#include <cstddef>

namespace flux::event {

// Like `send` and `sendmsg`; `what` names the call that the caller has made, `before` tells how
// much of the message was sent already.
ssize_t send_all(int descriptor, const void* buffer, std::size_t size, int flags,
                 const char* what) noexcept;
ssize_t send_all(int descriptor, const msghdr& message, int flags, const char* what,
                 std::size_t before = 0) noexcept;

}  // namespace flux::event
