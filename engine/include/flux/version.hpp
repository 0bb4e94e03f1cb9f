// Of which Flux this engine is a part.

#ifndef FLUX_VERSION_HPP
#define FLUX_VERSION_HPP

namespace flux {

inline constexpr const char* version = "0.1.0";

}  // namespace flux

#endif
