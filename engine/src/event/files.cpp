#include "files.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <new>

namespace flux::event {

namespace {

struct File {
  std::atomic<std::uint64_t> loops{0};
  std::atomic<Age> age{0};
};

// Numbers are dense and start at 0, so a table of blocks, made when they are first needed.
constexpr std::size_t block_size = 1024;
constexpr std::size_t most_blocks = 1024;
using Block = std::array<File, block_size>;

constinit std::array<std::atomic<Block*>, most_blocks> blocks{};

File beyond_all{};  // who has more than a million files shares this one: they age too often

Block* block(std::size_t index) noexcept {
  Block* found = blocks[index].load(std::memory_order_acquire);
  if (found == nullptr) {
    auto* const made = new (std::nothrow) Block{};
    if (made == nullptr) {
      return nullptr;
    }
    if (blocks[index].compare_exchange_strong(found, made, std::memory_order_acq_rel)) {
      return made;
    }
    delete made;
  }
  return found;
}

File& file(int descriptor) noexcept {
  const auto number = static_cast<std::size_t>(descriptor);
  Block* const its = number < block_size * most_blocks ? block(number / block_size) : nullptr;
  return its != nullptr ? (*its)[number % block_size] : beyond_all;
}

}  // namespace

Age age_of(int descriptor) noexcept { return file(descriptor).age.load(std::memory_order_acquire); }

void known_to(unsigned loop, int descriptor) noexcept {
  file(descriptor).loops.fetch_or(std::uint64_t{1} << loop, std::memory_order_acq_rel);
}

// Asked of every descriptor that is made or closed: no table is made for it.
bool is_known(int descriptor) noexcept {
  const auto number = static_cast<std::size_t>(descriptor);
  const Block* const its = number < block_size * most_blocks
                               ? blocks[number / block_size].load(std::memory_order_acquire)
                               : nullptr;
  const File* const found = its != nullptr ? &(*its)[number % block_size] : nullptr;
  return found != nullptr ? found->loops.load(std::memory_order_acquire) != 0
                          : beyond_all.loops.load(std::memory_order_acquire) != 0;
}

std::uint64_t outdate(int descriptor) noexcept {
  File& its = file(descriptor);
  its.age.fetch_add(1, std::memory_order_acq_rel);
  return its.loops.exchange(0, std::memory_order_acq_rel);
}

}  // namespace flux::event
