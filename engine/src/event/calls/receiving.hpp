// Receiving from sockets, as a fiber does it.

#pragma once

#include <sys/socket.h>
#include <sys/types.h>

#include <cstddef>

namespace flux::event {

// Like `recv` and `recvmsg`; `what` names the call that the caller has made.
ssize_t receive(int descriptor, void* buffer, std::size_t size, int flags,
                const char* what) noexcept;
ssize_t receive(int descriptor, msghdr& message, int flags, const char* what) noexcept;

// Descriptors that have come in a message may have numbers that the engine knows from others.
void renew_received(msghdr& message) noexcept;

}  // namespace flux::event
