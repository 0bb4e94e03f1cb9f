#include "folder.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace {

constexpr std::array absent{EACCES, EISDIR,  ELOOP, ENAMETOOLONG, ENODEV,
                            ENOENT, ENOTDIR, ENXIO, EXDEV};
// Without O_NONBLOCK the opening of a named pipe would wait for a writer.
constexpr int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
constexpr int tries = 10;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error{errno, std::generic_category(), what};
}

Version version_of(const struct stat& found) {
  const auto nanoseconds = [](const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
  };
  return {found.st_ino, static_cast<std::uint64_t>(found.st_size), nanoseconds(found.st_mtim),
          nanoseconds(found.st_ctim)};
}

struct stat state_of(int descriptor) {
  struct stat found {};
  if (::fstat(descriptor, &found) != 0) fail("fstat");
  return found;
}

// An open file; none, and `errno`, if it can't be had.
Descriptor open_beneath(int folder, const std::string& name) {
  open_how how{};
  how.flags = flags;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  long found = -1;
  for (int i = 0; i < tries && found < 0; ++i) {
    found = ::syscall(SYS_openat2, folder, name.c_str(), &how, sizeof how);
    if (found < 0 && errno != EAGAIN) break;  // else somebody renames folders on the way
  }
  return Descriptor{static_cast<int>(found)};
}

bool has_openat2(int folder) {
  return open_beneath(folder, ".") || (errno != ENOSYS && errno != EPERM);
}

// To close what is open keeps `errno`: it doesn't fail.
Descriptor walk(int folder, const std::string& name) {
  Descriptor here{::fcntl(folder, F_DUPFD_CLOEXEC, 0)};
  std::size_t start = 0;
  for (auto end = name.find('/'); here && end != name.npos; end = name.find('/', start)) {
    const auto part = name.substr(start, end - start);
    here = Descriptor{
        ::openat(here.get(), part.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
    start = end + 1;
  }
  if (!here) return here;
  return Descriptor{::openat(here.get(), name.substr(start).c_str(), flags | O_NOFOLLOW)};
}

}  // namespace

File::File(Descriptor opened) : descriptor_{std::move(opened)} {
  struct stat found {};
  const bool known = ::fstat(descriptor_.get(), &found) == 0;
  is_folder_ = S_ISDIR(found.st_mode);
  is_executable_ = !is_folder_ && (found.st_mode & 0111U) != 0;
  version_ = version_of(found);
  if (!known || !(is_folder_ || S_ISREG(found.st_mode))) throw NotThere{"no regular file"};
}

std::size_t File::read(std::uint64_t start, std::span<char> into) const {
  const auto size = ::pread(descriptor_.get(), into.data(), into.size(), static_cast<off_t>(start));
  if (size < 0) fail("pread");
  return static_cast<std::size_t>(size);
}

std::optional<std::string> File::read_whole() const {
  std::string data(version_.size + 1, '\0');
  const auto size = read(0, data);
  if (size != version_.size || version_of(state_of(descriptor_.get())) != version_) return {};
  data.resize(size);
  return data;
}

Folder::Folder(const std::string& path)
    : descriptor_{::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)} {
  if (!descriptor_) fail(path);
  open_ = has_openat2(descriptor_.get()) ? open_beneath : walk;
}

std::shared_ptr<const File> Folder::open(const std::string& name) const {
  Descriptor found = open_(descriptor_.get(), name.empty() ? "." : name);
  if (found) return std::make_shared<const File>(std::move(found));
  if (std::find(absent.begin(), absent.end(), errno) != absent.end()) throw NotThere{name};
  fail(name);
}
