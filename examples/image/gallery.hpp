// The folder of pictures: `name` is the file `name.ppm` in it.
//
// Nothing outside the folder is given, whatever a name or a symbolic link says: the place that a
// name leads to, links followed, must lie in the folder, and is then opened without following any.
// Whoever may rename things in the folder while it is being read is trusted.

#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

#include "ppm.hpp"

namespace gallery {

// There is no picture of that name.
class NoPicture : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A state of a file: another content, or another file, has another version.
struct Version {
  ino_t inode;
  off_t size;
  std::int64_t modified;

  bool operator==(const Version&) const = default;
};

// The pictures in a folder, none of more than `max_pixels`.
struct Gallery {
  std::string root = ".";
  std::size_t max_pixels = 0;

  // The version of a picture as it is now; none if there seems to be no picture.
  [[nodiscard]] std::optional<Version> version(const std::string& name) const;

  // The pixels of a picture; NoPicture, ppm::BadPicture, or std::system_error.
  [[nodiscard]] ppm::Raster read(const std::string& name) const;
};

}  // namespace gallery
