// What the process writes to stderr, kept for a test as long as this lives.

#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <string>

namespace flux::tests {

class CaughtStderr {
 public:
  CaughtStderr() : file_{memfd_create("stderr", MFD_CLOEXEC)}, before_{dup(STDERR_FILENO)} {
    dup2(file_, STDERR_FILENO);
  }

  ~CaughtStderr() {
    dup2(before_, STDERR_FILENO);
    close(before_);
    close(file_);
  }

  CaughtStderr(const CaughtStderr&) = delete;
  CaughtStderr& operator=(const CaughtStderr&) = delete;

  std::string text() const {
    std::string all;
    std::array<char, 4096> part;
    for (ssize_t count = 0;
         (count = pread(file_, part.data(), part.size(), static_cast<off_t>(all.size()))) > 0;) {
      all.append(part.data(), static_cast<std::size_t>(count));
    }
    return all;
  }

  bool has(const std::string& piece) const { return text().find(piece) != std::string::npos; }

  // How often a piece occurs.
  std::size_t count(const std::string& piece) const {
    const std::string all = text();
    std::size_t number = 0;
    for (auto place = all.find(piece); place != all.npos; place = all.find(piece, place + 1)) {
      ++number;
    }
    return number;
  }

 private:
  int file_;
  int before_;
};

}  // namespace flux::tests
