// What a fiber is doing, in words: for who asks, for stalls, for stacks that overflow.
//
// Only the thread of the fiber's loop may ask, but that in handlers of signals, too.

#pragma once

#include <flux/node.hpp>

#include "fiber.hpp"
#include "line.hpp"

namespace flux::event {

// The node that it is in, or was in last, if there is any.
const Node* node_of(const Fiber& fiber) noexcept;

// `Listen => Image`, or what else the fiber carries.
void tell_carried(Line& line, const Fiber& fiber) noexcept;

// `Compress of Listen => Image`.
void tell_place(Line& line, const Fiber& fiber) noexcept;

// `, holds cache?, cart(7), awaits recv of descriptor 9`; nothing if there is nothing to tell.
void tell_constraints(Line& line, const Fiber& fiber) noexcept;
void tell_awaited(Line& line, const Fiber& fiber) noexcept;

}  // namespace flux::event
