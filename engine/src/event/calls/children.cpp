// Waiting for children.
//
// For one child there is a descriptor that tells when it has ended. For any of several, and for
// those that stop and go on, there is none: a helper thread waits, for children are the process's.
// Such a wait isn't interrupted by signals.

#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "../files.hpp"
#include "../helpers.hpp"
#include "call.hpp"

namespace flux::event {

namespace {

// Tells when a child has ended; it is closed when that is known.
class Watch {
 public:
  explicit Watch(pid_t child) noexcept
      : descriptor_{static_cast<int>(syscall(SYS_pidfd_open, child, 0))} {
    renew(descriptor_);
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  ~Watch() {
    if (exists()) {
      const int before = errno;
      close(descriptor_);
      errno = before;
    }
  }

  bool exists() const noexcept { return descriptor_ != -1; }
  int descriptor() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

// `attempt(options)` gives 0 if there is nothing yet. `child` is above 0 if it is a certain one
// that is waited for, until its end.
template <class Try>
pid_t wait_for_child(pid_t child, const char* what, Try attempt) noexcept {
  pid_t result = attempt(WNOHANG);
  if (result != 0) {
    return result;
  }
  if (child > 0) {
    const Watch watch{child};
    if (watch.exists()) {
      Patience patience{watch.descriptor(), EPOLLIN, 0, what};
      while (result == 0) {
        result = patience.wait() ? attempt(WNOHANG) : -1;
      }
      return result;
    }
  }
  run_aside([&]() noexcept { result = attempt(0); }, what);
  return result;
}

bool is_for_end(int options) noexcept { return (options & (WUNTRACED | WCONTINUED)) == 0; }

pid_t wait_on_fiber(pid_t child, int* status, int options, rusage* usage,
                    const char* what) noexcept {
  return keeping_errno([&]() noexcept {
    const pid_t certain = is_for_end(options) ? child : 0;
    return wait_for_child(certain, what, [&](int more) noexcept {
      return real::wait4(child, status, options | more, usage);
    });
  });
}

}  // namespace

}  // namespace flux::event

using namespace flux::event;
FLUX_CALLS(children)

FLUX_INTERCEPTED pid_t waitpid(pid_t child, int* status, int options) {
  return on_fiber() && (options & WNOHANG) == 0
             ? wait_on_fiber(child, status, options, nullptr, "waitpid")
             : real::waitpid(child, status, options);
}

FLUX_INTERCEPTED pid_t wait(int* status) { return waitpid(-1, status, 0); }

FLUX_INTERCEPTED pid_t wait4(pid_t child, int* status, int options, rusage* usage) noexcept {
  return on_fiber() && (options & WNOHANG) == 0
             ? wait_on_fiber(child, status, options, usage, "wait4")
             : real::wait4(child, status, options, usage);
}

FLUX_INTERCEPTED pid_t wait3(int* status, int options, rusage* usage) noexcept {
  return wait4(-1, status, options, usage);
}

FLUX_INTERCEPTED int waitid(idtype_t kind, id_t id, siginfo_t* told, int options) {
  if (!on_fiber() || (options & WNOHANG) != 0) {
    return real::waitid(kind, id, told, options);
  }
  siginfo_t own{};
  siginfo_t& its = told != nullptr ? *told : own;
  const pid_t certain =
      kind == P_PID && (options & (WSTOPPED | WCONTINUED)) == 0 ? static_cast<pid_t>(id) : 0;
  return keeping_errno([&]() noexcept {
    const pid_t result = wait_for_child(certain, "waitid", [&](int more) noexcept {
      its.si_pid = 0;
      return real::waitid(kind, id, &its, options | more) == -1 ? -1 : its.si_pid;
    });
    return result == -1 ? -1 : 0;
  });
}
