// Where a profile is told: an address of the Internet, or a socket in the file system.

#pragma once

#include <string>

namespace flux::profile {

// Where to listen: `127.0.0.1:9100`, `[::1]:9100` or `unix:/run/image.sock`.
struct Place {
  std::string host{};
  int port = 0;
  std::string path{};  // not empty: a socket in the file system

  // Throws std::invalid_argument, which says what it should look like.
  static Place parse(const std::string& text);

  // That of one of several workers: ports are counted on, paths get a number behind.
  Place of_worker(int number) const;

  bool is_of_this_machine() const;
};

}  // namespace flux::profile
