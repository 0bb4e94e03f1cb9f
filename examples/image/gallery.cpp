#include "gallery.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace gallery {
namespace {

namespace fs = std::filesystem;

constexpr std::array absent{EACCES, EISDIR, ELOOP, ENAMETOOLONG, ENOENT, ENOTDIR};

[[noreturn]] void fail(const std::string& name, int error) {
  if (std::find(absent.begin(), absent.end(), error) != absent.end()) {
    throw NoPicture{name + " is not there"};
  }
  throw std::system_error{error, std::generic_category(), "cannot open " + name};
}

// Without O_NONBLOCK the opening of a named pipe would wait for a writer.
File open_file(const fs::path& place, const std::string& name) {
  File file{::open(place.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  if (file.descriptor() < 0) fail(name, errno);
  return file;
}

fs::path path_of(const std::string& root, const std::string& name) {
  return root + '/' + name + ".ppm";
}

bool is_inside(const fs::path& place, const fs::path& folder) {
  const auto [_, rest] = std::mismatch(place.begin(), place.end(), folder.begin(), folder.end());
  return rest == folder.end();
}

// Where a name leads to, all links followed.
fs::path place_of(const std::string& root, const std::string& name) {
  if (name.find('\0') != name.npos) fail(name, ENOENT);
  std::error_code error;
  auto place = fs::canonical(path_of(root, name), error);
  if (error) fail(name, error.value());
  if (!is_inside(place, fs::canonical(root))) throw NoPicture{name + " is outside the folder"};
  return place;
}

bool is_regular(int file) {
  struct stat found {};
  return ::fstat(file, &found) == 0 && S_ISREG(found.st_mode);
}

}  // namespace

std::optional<Version> Gallery::version(const std::string& name) const {
  struct stat found {};
  if (name.find('\0') != name.npos || ::stat(path_of(root, name).c_str(), &found) != 0) return {};
  const auto& modified = found.st_mtim;
  return Version{found.st_ino, found.st_size,
                 std::int64_t{modified.tv_sec} * 1'000'000'000 + modified.tv_nsec};
}

ppm::Raster Gallery::read(const std::string& name) const {
  auto file = open_file(place_of(root, name), name);
  if (!is_regular(file.descriptor())) throw NoPicture{name + " is no file"};
  return {std::move(file), max_pixels};
}

}  // namespace gallery
