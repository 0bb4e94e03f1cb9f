// The calls that wait for the end of a thread, where each thread is the system's.

#include "../calls/call.hpp"
#include "joining.hpp"

namespace flux::event {

void link_joining() noexcept {}

}  // namespace flux::event

using namespace flux::event;

FLUX_INTERCEPTED int pthread_join(pthread_t thread, void** value) {
  return join_thread(thread, value, {}, "pthread_join");
}

FLUX_INTERCEPTED int pthread_timedjoin_np(pthread_t thread, void** value, const timespec* time) {
  return join_thread(thread, value, {CLOCK_REALTIME, time}, "pthread_timedjoin_np");
}

FLUX_INTERCEPTED int pthread_clockjoin_np(pthread_t thread, void** value, clockid_t clock,
                                          const timespec* time) {
  return join_thread(thread, value, {clock, time}, "pthread_clockjoin_np");
}
