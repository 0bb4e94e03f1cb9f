// Waiting for a disk.

#include "../helpers.hpp"
#include "call.hpp"

namespace flux::event {

namespace {

template <class Call>
int synchronize(Call call, int descriptor, const char* what) noexcept {
  return keeping_errno([&]() noexcept {
    int result = -1;
    run_aside([&]() noexcept { result = call(descriptor); }, what);
    return result;
  });
}

}  // namespace

}  // namespace flux::event

using namespace flux::event;
FLUX_CALLS(syncing)

FLUX_INTERCEPTED int fsync(int descriptor) {
  return on_fiber() ? synchronize([](int its) { return real::fsync(its); }, descriptor, "fsync")
                    : real::fsync(descriptor);
}

FLUX_INTERCEPTED int fdatasync(int descriptor) {
  return on_fiber()
             ? synchronize([](int its) { return real::fdatasync(its); }, descriptor, "fdatasync")
             : real::fdatasync(descriptor);
}
