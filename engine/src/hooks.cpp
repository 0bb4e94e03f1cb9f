#include "hooks.hpp"

#include <cstdio>

namespace flux {

bool Hooks::init() {
  if (program_.init == nullptr) {
    return true;
  }
  try {
    const int error = program_.init(arguments_.count(), arguments_.values());
    if (error != 0) {
      std::fprintf(stderr, "flux: flux_init gave %d, so the server doesn't start\n", error);
    }
    return error == 0;
  } catch (...) {
    reports_.exception("flux_init");
    return false;
  }
}

void Hooks::finish() noexcept { call("flux_finish", program_.finish); }

void Hooks::interrupt() noexcept { call("flux_interrupt", program_.interrupt); }

bool Hooks::shutdown() noexcept { return call("flux_shutdown", program_.shutdown); }

// Whether it went well; so it did if there is none.
bool Hooks::call(const char* name, void (*hook)()) noexcept {
  try {
    if (hook != nullptr) {
      hook();
    }
    return true;
  } catch (...) {
    reports_.exception(name);
    return false;
  }
}

}  // namespace flux
