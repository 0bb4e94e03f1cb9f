// Handing descriptors to another process.

#pragma once

#include "flux/nodes/descriptor.hpp"

namespace flux::workers {

// What the parent answers: 0 and a descriptor, or an errno.
struct Answer {
  int error = 0;
  nodes::detail::Descriptor descriptor{};
};

// Whether it could be sent. The descriptor stays open here.
bool send_answer(int line, int error, int descriptor) noexcept;

// Wait for an answer; EPIPE if the other side has gone.
Answer receive_answer(int line) noexcept;

}  // namespace flux::workers
