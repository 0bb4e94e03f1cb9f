// A request to the receiver of traces, on a connection of its own: they are few.

#pragma once

#include <string>

#include "../futex.hpp"
#include "receiver.hpp"

namespace flux::trace {

// Post JSON; the status of the answer. Throws std::system_error if there is none by then.
int post(const Receiver& to, const std::string& json, Deadline deadline);

}  // namespace flux::trace
