// What is done when the object is loaded: children are not to have it, unless they are meant to.

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

namespace flux::fibers {

namespace {

constexpr const char* preloaded = "LD_PRELOAD";
constexpr const char* is_inherited = "FLUX_FIBERS_INHERIT";

// A list of files without one of them; the linker takes spaces and colons for the same.
std::string without(std::string_view list, std::string_view file) {
  std::string others;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find_first_of(" :"), list.size());
    const std::string_view each = list.substr(0, end);
    if (!each.empty() && each != file) {
      others.append(others.empty() ? "" : ":").append(each);
    }
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return others;
}

// The name by which the linker has found this object.
std::string_view own_file() noexcept {
  static const char here = 0;
  Dl_info found{};
  return dladdr(&here, &found) != 0 ? found.dli_fname : std::string_view{};
}

// Before the interpreter reads its environment.
[[gnu::constructor]] void leave_environment() {
  const char* const list = std::getenv(preloaded);
  if (list == nullptr || std::getenv(is_inherited) != nullptr) {
    return;
  }
  const std::string others = without(list, own_file());
  others.empty() ? unsetenv(preloaded) : setenv(preloaded, others.c_str(), 1);
}

}  // namespace

}  // namespace flux::fibers

// By this the interpreter can be asked whether it runs with fibers: see flux.fibers.
extern "C" [[gnu::visibility("default")]] int flux_fibers() noexcept { return 1; }
