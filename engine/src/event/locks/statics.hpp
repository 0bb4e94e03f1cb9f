// Statics of functions, which are initialised once.

#pragma once

namespace flux::event {

void link_statics() noexcept;

}  // namespace flux::event
