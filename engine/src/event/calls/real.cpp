#include "real.hpp"

#include <sys/syscall.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace flux::event::real {

void* original(const char* name) noexcept {
  if (void* const found = dlsym(RTLD_NEXT, name)) {
    return found;
  }
  std::array<char, 160> text;
  const int size = std::snprintf(text.data(), text.size(),
                                 "flux: libc's %s can't be found: a server can't be linked with "
                                 "-static\n",
                                 name);
  syscall(SYS_write, STDERR_FILENO, text.data(), static_cast<std::size_t>(size));  // not ours
  std::abort();
}

}  // namespace flux::event::real
