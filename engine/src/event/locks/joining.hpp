// Waiting for the end of a thread.

#pragma once

namespace flux::event {

void link_joining() noexcept;

}  // namespace flux::event
