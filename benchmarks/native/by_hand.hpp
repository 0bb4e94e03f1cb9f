// The flows of flows.flux as a careful programmer writes them: each node called after the other,
// each error looked at and said to be unlikely, one `try` around all, the same locks.

#pragma once

#include "types.hpp"

namespace by_hand {

int six(int item);
int two(int item);
int cases(int item);
int locked(int item);
int locked_by_std(int item);  // with the locks of the standard library
int values(Handle handle, Text text);

}  // namespace by_hand
