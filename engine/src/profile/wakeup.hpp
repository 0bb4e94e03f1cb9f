// How late a thread begins that slept while its processor was idle.

#pragma once

#include <cstdint>

namespace flux::profile {

// In ns, as it mostly is. Measured when it is first asked for, which takes some 50 ms.
std::uint64_t wakeup() noexcept;

}  // namespace flux::profile
