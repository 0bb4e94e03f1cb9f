// Condition variables.

#pragma once

namespace flux::event {

void link_conditions() noexcept;

}  // namespace flux::event
