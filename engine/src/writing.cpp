#include "writing.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <system_error>

namespace flux {

namespace {

[[noreturn]] void fail(const std::string& name) {
  throw std::system_error{errno, std::generic_category(), name};
}

// What a name stands for, links followed; a name that is new stands for itself.
std::string target_of(const std::string& name) {
  const std::unique_ptr<char, decltype(&std::free)> found{realpath(name.c_str(), nullptr),
                                                          &std::free};
  return found ? found.get() : name;
}

bool write(const std::string& name, const char* mode, const std::string& text) {
  std::FILE* const file = std::fopen(name.c_str(), mode);
  if (file == nullptr) {
    return false;
  }
  const bool is_written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  return (std::fclose(file) == 0) & is_written;
}

// Another file, which then takes the name.
bool replace(const std::string& name, const struct stat* before, const std::string& text) {
  const std::string draft = name + "." + std::to_string(getpid()) + ".draft";
  if (write(draft, "wxe", text) &&
      (before == nullptr || chmod(draft.c_str(), before->st_mode) == 0) &&
      std::rename(draft.c_str(), name.c_str()) == 0) {
    return true;
  }
  const int error = errno;
  unlink(draft.c_str());
  errno = error;
  return false;
}

}  // namespace

void write_whole(const std::string& name, const std::string& text) {
  const std::string target = target_of(name);
  struct stat found {};
  const bool exists = stat(target.c_str(), &found) == 0;
  const bool is_other = exists && !S_ISREG(found.st_mode);
  if (!(is_other ? write(target, "we", text) : replace(target, exists ? &found : nullptr, text))) {
    fail(name);
  }
}

}  // namespace flux
