// Locks for readers and a writer.

#pragma once

namespace flux::event {

void link_rwlocks() noexcept;

}  // namespace flux::event
