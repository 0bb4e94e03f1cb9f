// What the exit status of a program tells.

#pragma once

namespace flux {

inline constexpr int exit_failed = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_cut = 4;

}  // namespace flux
