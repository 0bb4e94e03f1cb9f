// Semaphores.

#pragma once

namespace flux::event {

void link_semaphores() noexcept;

}  // namespace flux::event
