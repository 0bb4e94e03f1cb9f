#include "locks.hpp"

#include "conditions.hpp"
#include "joining.hpp"
#include "mutexes.hpp"
#include "once.hpp"
#include "rwlocks.hpp"
#include "semaphores.hpp"
#include "statics.hpp"

namespace flux::event {

void link_locks() noexcept {
  link_mutexes();
  link_conditions();
  link_rwlocks();
  link_semaphores();
  link_once();
  link_statics();
  link_joining();
}

}  // namespace flux::event
