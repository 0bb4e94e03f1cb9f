// The functions of libc behind those that this engine defines in their place.
//
// They are found when they are first called, as what comes after this program: so sanitizers, which
// stand in between, see every call, and what is a cancellation point stays one.

#pragma once

#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <atomic>

namespace flux::event::real {

// The function of this name behind ours. Where there is none, as in a program that is linked with
// `-static`, nothing can be called: the process says so, and ends.
void* original(const char* name) noexcept;

template <class Pointer>
class Found {
 public:
  explicit constexpr Found(const char* name) noexcept : name_{name} {}

  void find() const noexcept { static_cast<void>(get()); }

 protected:
  Pointer get() const noexcept {
    Pointer found = found_.load(std::memory_order_relaxed);
    if (found == nullptr) [[unlikely]] {
      found = reinterpret_cast<Pointer>(original(name_));
      found_.store(found, std::memory_order_relaxed);
    }
    return found;
  }

 private:
  const char* name_;
  mutable std::atomic<Pointer> found_{nullptr};
};

template <class Function>
class Original;

template <class Result, class... Parameters>
class Original<Result(Parameters...)> : public Found<Result (*)(Parameters...)> {
 public:
  using Found<Result (*)(Parameters...)>::Found;

  Result operator()(Parameters... parameters) const { return this->get()(parameters...); }
};

template <class Result, class... Parameters>
class Original<Result(Parameters...) noexcept> : public Original<Result(Parameters...)> {
  using Original<Result(Parameters...)>::Original;
};

// One whose last argument may be left out, such as `fcntl` and `open`.
template <class Result, class... Parameters>
class Original<Result(Parameters..., ...)> : public Found<Result (*)(Parameters..., ...)> {
 public:
  using Found<Result (*)(Parameters..., ...)>::Found;

  template <class... More>
  Result operator()(Parameters... parameters, More... more) const {
    return this->get()(parameters..., more...);
  }
};

// What libc says of its functions beyond their types is of no use here.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"

#define FLUX_ORIGINAL(name) \
  inline constinit const Original<decltype(::name)> name { #name }

FLUX_ORIGINAL(read);
FLUX_ORIGINAL(readv);
FLUX_ORIGINAL(recv);
FLUX_ORIGINAL(recvfrom);
FLUX_ORIGINAL(recvmsg);
FLUX_ORIGINAL(recvmmsg);
FLUX_ORIGINAL(write);
FLUX_ORIGINAL(writev);
FLUX_ORIGINAL(send);
FLUX_ORIGINAL(sendto);
FLUX_ORIGINAL(sendmsg);
FLUX_ORIGINAL(sendmmsg);
FLUX_ORIGINAL(sendfile);
FLUX_ORIGINAL(accept);
FLUX_ORIGINAL(accept4);
FLUX_ORIGINAL(connect);
FLUX_ORIGINAL(poll);
FLUX_ORIGINAL(ppoll);
FLUX_ORIGINAL(select);
FLUX_ORIGINAL(pselect);
FLUX_ORIGINAL(epoll_wait);
FLUX_ORIGINAL(epoll_pwait);
FLUX_ORIGINAL(epoll_pwait2);
FLUX_ORIGINAL(sleep);
FLUX_ORIGINAL(usleep);
FLUX_ORIGINAL(nanosleep);
FLUX_ORIGINAL(clock_nanosleep);
FLUX_ORIGINAL(sched_yield);
FLUX_ORIGINAL(close);
FLUX_ORIGINAL(dup2);
FLUX_ORIGINAL(dup3);
FLUX_ORIGINAL(pread);
FLUX_ORIGINAL(pread64);
FLUX_ORIGINAL(preadv);
FLUX_ORIGINAL(preadv64);
FLUX_ORIGINAL(openat);
FLUX_ORIGINAL(fcntl);
FLUX_ORIGINAL(fsync);
FLUX_ORIGINAL(fdatasync);
FLUX_ORIGINAL(flock);
FLUX_ORIGINAL(waitpid);
FLUX_ORIGINAL(wait4);
FLUX_ORIGINAL(waitid);
FLUX_ORIGINAL(fdopen);
FLUX_ORIGINAL(fclose);
FLUX_ORIGINAL(getaddrinfo);
FLUX_ORIGINAL(getnameinfo);
FLUX_ORIGINAL(gethostbyname);
FLUX_ORIGINAL(gethostbyaddr);
FLUX_ORIGINAL(gethostbyname2);
FLUX_ORIGINAL(gethostbyname_r);
FLUX_ORIGINAL(gethostbyname2_r);
FLUX_ORIGINAL(close_range);
FLUX_ORIGINAL(closefrom);
FLUX_ORIGINAL(socket);
FLUX_ORIGINAL(socketpair);
FLUX_ORIGINAL(pipe);
FLUX_ORIGINAL(pipe2);
FLUX_ORIGINAL(eventfd);
FLUX_ORIGINAL(timerfd_create);
FLUX_ORIGINAL(signalfd);
FLUX_ORIGINAL(inotify_init);
FLUX_ORIGINAL(inotify_init1);
FLUX_ORIGINAL(epoll_create);
FLUX_ORIGINAL(epoll_create1);
FLUX_ORIGINAL(dup);

#undef FLUX_ORIGINAL
#pragma GCC diagnostic pop

// By its type spelt out: with clang, that it doesn't return is part of it.
inline constinit const Original<void(void*)> pthread_exit{"pthread_exit"};

}  // namespace flux::event::real
