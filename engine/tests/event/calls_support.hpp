// What tests of intercepted calls have in common: descriptors, and two fibers of which one waits.

#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <string>
#include <thread>
#include <utility>

#include "fibers.hpp"

namespace flux::tests {

// A descriptor that is closed at the end, if it hasn't been by then.
class Owned {
 public:
  explicit Owned(int its_descriptor = -1) noexcept : descriptor_{its_descriptor} {}
  Owned(Owned&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
  Owned& operator=(Owned&& other) noexcept {
    close_now();
    descriptor_ = std::exchange(other.descriptor_, -1);
    return *this;
  }
  ~Owned() { close_now(); }

  operator int() const noexcept { return descriptor_; }

  void close_now() noexcept {
    if (descriptor_ != -1) {
      const int before = errno;
      ::close(std::exchange(descriptor_, -1));
      errno = before;
    }
  }

 private:
  int descriptor_;
};

// Two ends: what is written to `there` is read from `here`.
struct Ends {
  Owned here{};
  Owned there{};
};

inline Ends socket_ends(int type = SOCK_STREAM) {
  int both[2] = {-1, -1};
  REQUIRE(::socketpair(AF_UNIX, type, 0, both) == 0);
  return {Owned{both[0]}, Owned{both[1]}};
}

inline Ends pipe_ends() {
  int both[2] = {-1, -1};
  REQUIRE(::pipe(both) == 0);
  return {Owned{both[0]}, Owned{both[1]}};
}

// An address of this machine, on a port that the system chooses.
inline sockaddr_in any_port() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

inline const sockaddr* plain(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

inline sockaddr* plain(sockaddr_in& address) { return reinterpret_cast<sockaddr*>(&address); }

inline sockaddr_in address_of(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  REQUIRE(::getsockname(socket, plain(address), &size) == 0);
  return address;
}

// A socket on a port of its own.
inline Owned bound(int type) {
  Owned socket{::socket(AF_INET, type, 0)};
  const sockaddr_in address = any_port();
  REQUIRE(::bind(socket, plain(address), sizeof address) == 0);
  return socket;
}

inline Owned listening(int backlog = 8) {
  Owned socket = bound(SOCK_STREAM);
  REQUIRE(::listen(socket, backlog) == 0);
  return socket;
}

inline Owned connected_to(int listener) {
  Owned socket{::socket(AF_INET, SOCK_STREAM, 0)};
  const sockaddr_in address = address_of(listener);
  REQUIRE(::connect(socket, plain(address), sizeof address) == 0);
  return socket;
}

// A TCP connection.
inline Ends tcp_ends() {
  const Owned listener = listening();
  Owned there = connected_to(listener);
  return {Owned{::accept(listener, nullptr, nullptr)}, std::move(there)};
}

inline void set_nonblocking(int descriptor, bool is = true) {
  const int flags = ::fcntl(descriptor, F_GETFL);
  REQUIRE(::fcntl(descriptor, F_SETFL, is ? flags | O_NONBLOCK : flags & ~O_NONBLOCK) == 0);
}

// Write until there is no more room.
inline void fill(int descriptor) {
  const std::string bytes(4096, 'x');
  set_nonblocking(descriptor);
  while (::write(descriptor, bytes.data(), bytes.size()) > 0) {
  }
  while (::write(descriptor, bytes.data(), 1) > 0) {
  }
  set_nonblocking(descriptor, false);
}

// Read all that is there; how much.
inline std::size_t drain(int descriptor) {
  std::string bytes(65536, '\0');
  std::size_t all = 0;
  set_nonblocking(descriptor);
  for (ssize_t got = 0; (got = ::read(descriptor, bytes.data(), bytes.size())) > 0;) {
    all += static_cast<std::size_t>(got);
  }
  set_nonblocking(descriptor, false);
  return all;
}

// Read until the other end is closed.
inline std::string all_from(int descriptor) {
  std::string all;
  std::string bytes(65536, '\0');
  for (ssize_t got = 0; (got = ::read(descriptor, bytes.data(), bytes.size())) > 0;) {
    all.append(bytes, 0, static_cast<std::size_t>(got));
  }
  return all;
}

// A name in a folder of its own, which is removed at the end.
class Place {
 public:
  Place() {
    std::string name = "/tmp/flux-calls-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() {
    ::unlink(path().c_str());
    ::rmdir(folder_.c_str());
  }
  std::string path() const { return folder_ + "/it"; }

 private:
  std::string folder_;
};

inline Ends fifo_ends() {
  const Place its;
  REQUIRE(::mkfifo(its.path().c_str(), 0600) == 0);
  Owned here{::open(its.path().c_str(), O_RDONLY | O_NONBLOCK)};
  set_nonblocking(here, false);
  return {std::move(here), Owned{::open(its.path().c_str(), O_WRONLY)}};
}

// A file that is gone when it is closed.
inline Owned file_of(const std::string& bytes) {
  const Place place;
  Owned file{::open(place.path().c_str(), O_RDWR | O_CREAT, 0600)};
  REQUIRE(file != -1);
  REQUIRE(::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  REQUIRE(::lseek(file, 0, SEEK_SET) == 0);
  return file;
}

// One fiber waits until another one has done something.
inline void overlap(const std::function<void()>& wait, const std::function<void()>& let) {
  bool is_over = false;
  run_fibers({[&] {
                wait();
                is_over = true;
              },
              [&] {
                CHECK_FALSE(is_over);
                let();
              }});
  CHECK(is_over);
}

inline void on_thread(const std::function<void()>& work) { std::thread{work}.join(); }

inline void on_fiber(const std::function<void()>& work) { run_fibers({work}); }

}  // namespace flux::tests
