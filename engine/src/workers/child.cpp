#include "child.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdlib>

#include "flux/nodes/descriptor.hpp"
#include "process.hpp"

namespace flux::workers {

void part_from(pid_t parent) noexcept {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) std::_Exit(signalled + SIGTERM);  // it died before that
  const nodes::detail::Descriptor nothing{open("/dev/null", O_RDONLY | O_CLOEXEC)};
  dup2(nothing.get(), STDIN_FILENO);
}

}  // namespace flux::workers
