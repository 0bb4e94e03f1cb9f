// What is done once.

#pragma once

namespace flux::event {

void link_once() noexcept;

}  // namespace flux::event
