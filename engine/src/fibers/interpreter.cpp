#include "interpreter.hpp"

#include <dlfcn.h>
#include <link.h>

#include <atomic>
#include <cstdint>
#include <cstring>

namespace flux::fibers {

namespace {

// Where the interpreter is, and what its thread-locals begin with.
struct Place {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
  const void* image = nullptr;
  std::size_t image_size = 0;
  std::size_t locals_size = 0;
  void* locals = nullptr;  // those of the thread that has asked
};

void add(Place& place, const dl_phdr_info& object, const ElfW(Phdr) & header) noexcept {
  const std::uintptr_t begin = object.dlpi_addr + header.p_vaddr;
  if (header.p_type == PT_LOAD && (header.p_flags & PF_X) != 0) {
    place.begin = begin;
    place.end = begin + header.p_memsz;
  } else if (header.p_type == PT_TLS) {
    place.image = reinterpret_cast<const void*>(begin);
    place.image_size = header.p_filesz;
    place.locals_size = header.p_memsz;
    place.locals = object.dlpi_tls_data;
  }
}

int visit(dl_phdr_info* object, std::size_t, void* argument) noexcept {
  Place place{};
  for (int each = 0; each < object->dlpi_phnum; ++each) {
    add(place, *object, object->dlpi_phdr[each]);
  }
  auto& wanted = *static_cast<Place*>(argument);
  if (wanted.begin < place.begin || wanted.begin >= place.end) {
    return 0;
  }
  wanted = place;
  return 1;
}

// By the address of a function of it; nothing if there is none.
Place find() noexcept {
  const void* const function = dlsym(RTLD_DEFAULT, "PyThread_start_new_thread");
  Place place{.begin = reinterpret_cast<std::uintptr_t>(function)};
  if (function == nullptr || dl_iterate_phdr(visit, &place) == 0) {
    return {};
  }
  return place;
}

// It may be loaded late, by a program that embeds it.
const Place& interpreter() noexcept {
  static constinit std::atomic<const Place*> known{nullptr};
  const Place* found = known.load(std::memory_order_acquire);
  if (found == nullptr) {
    static constinit Place nothing{};
    const Place place = find();
    if (place.begin == 0) {
      return nothing;
    }
    found = new Place{place};  // for good; a second one, made at the same time, says the same
    known.store(found, std::memory_order_release);
  }
  return *found;
}

// Those of the loop's thread.
void* own_locals() noexcept {
  static constinit thread_local void* locals = nullptr;
  if (locals == nullptr) [[unlikely]] {
    locals = find().locals;
  }
  return locals;
}

}  // namespace

bool Interpreter::contains(const void* address) noexcept {
  const Place& place = interpreter();
  const auto number = reinterpret_cast<std::uintptr_t>(address);
  return number >= place.begin && number < place.end;
}

std::unique_ptr<std::byte[]> Interpreter::new_locals() {
  const Place& place = interpreter();
  auto locals = std::make_unique<std::byte[]>(place.locals_size);
  if (place.image_size > 0) {
    std::memcpy(locals.get(), place.image, place.image_size);
  }
  return locals;
}

void Interpreter::swap_in(const std::byte* locals) noexcept {
  if (void* const own = own_locals()) {
    std::memcpy(own, locals, interpreter().locals_size);
  }
}

void Interpreter::swap_out(std::byte* locals) noexcept {
  if (const void* const own = own_locals()) {
    std::memcpy(locals, own, interpreter().locals_size);
  }
}

}  // namespace flux::fibers
