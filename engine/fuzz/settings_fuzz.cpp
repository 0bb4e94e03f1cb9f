// The fuzzer of the web server's file of settings.

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "configuration.hpp"

namespace {

constexpr std::array<std::string_view, 4> options{"host", "php", "port", "root"};

// A file in memory, which has the content that is given last.
class File {
 public:
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

  void write(const void* data, std::size_t size) {
    const bool is_written = ftruncate(descriptor_, 0) == 0 &&
                            pwrite(descriptor_, data, size, 0) == static_cast<ssize_t>(size);
    if (!is_written) throw std::logic_error("a file in memory can't be written");
  }

 private:
  int descriptor_ = memfd_create("settings", 0);
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static File file;
  file.write(data, size);
  try {
    const auto found = read_configuration(file.path(), options);
    if (found.words.size() % 2 != 0) throw std::logic_error("a word has no value");
  } catch (const BadConfiguration& bad) {
    if (!std::string_view{bad.what()}.starts_with(file.path())) throw std::logic_error(bad.what());
  }
  return 0;
}
