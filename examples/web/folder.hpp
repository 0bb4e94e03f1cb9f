// Files below a folder, and nothing outside of it.
//
// The kernel itself keeps names inside (openat2 with RESOLVE_BENEATH, Linux 5.6): a symbolic link
// is followed as long as it stays below the folder, whoever renames what meanwhile. Where there is
// no openat2, a name is walked part by part, and no link is followed at all.

#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <flux/nodes/descriptor.hpp>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>

using flux::nodes::detail::Descriptor;

// There is no file of that name that may be seen.
class NotThere : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A state of a file: another content, or another file, has another version.
struct Version {
  ino_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t modified = 0;  // in nanoseconds since 1970
  std::int64_t changed = 0;   // the same, of anything about it

  bool operator==(const Version&) const = default;
};

// An open file, closed with its last user.
class File {
 public:
  explicit File(Descriptor opened);  // NotThere if it is neither a regular file nor a folder

  [[nodiscard]] bool is_folder() const { return is_folder_; }
  [[nodiscard]] bool is_executable() const { return is_executable_; }
  [[nodiscard]] const Version& version() const { return version_; }

  // How many bytes were read; std::system_error if that fails.
  std::size_t read(std::uint64_t start, std::span<char> into) const;

  // All bytes of this version; nothing if the file changes meanwhile.
  [[nodiscard]] std::optional<std::string> read_whole() const;

 private:
  Descriptor descriptor_;
  bool is_folder_ = false;
  bool is_executable_ = false;
  Version version_;
};

// A folder, known by its descriptor: it may be renamed.
class Folder {
 public:
  explicit Folder(const std::string& path);

  // A file or folder by its path; NotThere, or std::system_error if the system can't.
  [[nodiscard]] std::shared_ptr<const File> open(const std::string& name) const;

 private:
  Descriptor descriptor_;
  Descriptor (*open_)(int folder, const std::string& name);
};
