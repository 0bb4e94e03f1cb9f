// Of which Flux this engine is a part.

#pragma once

namespace flux {

inline constexpr const char* version = "0.1.0";

}  // namespace flux
