// All the runtimes there are, for who chooses one by its name.

#pragma once

#include <flux/options.hpp>
#include <functional>
#include <memory>

#include "runtime.hpp"

namespace flux {

// The runtime that the options name, made as they say.
std::unique_ptr<Runtime> new_runtime(const Options& options, Carry carry,
                                     std::function<void()> on_idle);

}  // namespace flux
