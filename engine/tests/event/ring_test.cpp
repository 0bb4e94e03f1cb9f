#include "event/ring.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "calls_support.hpp"

using flux::event::Loop;
using flux::event::Ring;

namespace flux::tests {

namespace {

constexpr std::size_t page = 4096;
constexpr std::size_t pages = 64;

// Each page begins with its number, and is full of something that tells it from the others.
std::string page_of(std::size_t number) {
  std::string bytes(page, static_cast<char>('a' + number % 26));
  const std::string begin = std::to_string(number) + '\n';
  return bytes.replace(0, begin.size(), begin);
}

std::string some_pages(std::size_t count) {
  std::string bytes;
  for (std::size_t each = 0; each < count; ++each) {
    bytes += page_of(each);
  }
  return bytes;
}

// Whether any part of a file is in memory; to read it would bring it there.
bool is_in_memory(int file, std::size_t size) {
  void* const start = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
  REQUIRE(start != MAP_FAILED);
  std::vector<unsigned char> resident((size + page - 1) / page);
  REQUIRE(::mincore(start, size, resident.data()) == 0);
  ::munmap(start, size);
  return std::any_of(resident.begin(), resident.end(), [](auto each) { return (each & 1) != 0; });
}

// Whether the file's data are on a disk only: not if it's in a file system that lives in memory.
// What is read of them then brings nothing of the rest.
bool cool(int file, std::size_t size) {
  REQUIRE(::fsync(file) == 0);
  REQUIRE(::posix_fadvise(file, 0, 0, POSIX_FADV_RANDOM) == 0);
  REQUIRE(::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) == 0);
  return !is_in_memory(file, size);
}

struct Cold {
  explicit Cold(const std::string& bytes) : file{file_of(bytes)}, is{cool(file, bytes.size())} {}

  Owned file;
  bool is;
};

// Loops without rings, as where the kernel doesn't allow them.
struct Refusal {
  Refusal() { event::refuse_rings(true); }
  ~Refusal() { event::refuse_rings(false); }
};

void with_ring_and_without(const std::function<void()>& test) {
  SUBCASE("by a ring, where it's allowed") { test(); }
  SUBCASE("by helpers") {
    const Refusal refusal;
    test();
  }
}

std::string read_page(int file, std::size_t number) {
  std::string got(page, '\0');
  CHECK(::pread(file, got.data(), page, static_cast<off_t>(number * page)) == page);
  return got;
}

struct Course {
  bool has_other_run = false;
  std::uint64_t by_ring = 0;
};

// Read a cold file, page by page, beside another fiber.
Course read_beside_other(const Cold& cold) {
  Course its;
  run_fibers({[&] {
                const Ring* const ring = Loop::current()->ring();
                const std::uint64_t before = ring != nullptr ? ring->reads() : 0;
                for (std::size_t each = 0; each < pages; ++each) {
                  CHECK(read_page(cold.file, each) == page_of(each));
                }
                its.by_ring = ring != nullptr ? ring->reads() - before : 0;
              },
              [&] { its.has_other_run = true; }});
  return its;
}

// Until reads did wait: a disk can be so quick that none does, and some file systems have no disk.
Course read_until_waiting(bool is_wanted_by_ring) {
  Course its;
  for (int tries = 0; tries < 200; ++tries) {
    const Cold cold{some_pages(pages)};
    its = read_beside_other(cold);
    if (!cold.is) {
      MESSAGE("nothing is cold here");
      return {.has_other_run = true, .by_ring = is_wanted_by_ring ? 1U : 0U};
    }
    if (its.has_other_run && (its.by_ring > 0 || !is_wanted_by_ring)) {
      break;
    }
  }
  return its;
}

bool is_allowed() {
  bool is = false;
  on_fiber([&] { is = Loop::current()->ring() != nullptr; });
  return is;
}

}  // namespace

TEST_CASE("other fibers run while a file is read from its disk by a ring") {
  if (!is_allowed()) {
    MESSAGE("there are no rings here");
    return;
  }
  const Course its = read_until_waiting(true);
  CHECK(its.has_other_run);
  CHECK(its.by_ring > 0);
}

TEST_CASE("other fibers run while a file is read from its disk by a helper") {
  const Refusal refusal;
  CHECK_FALSE(is_allowed());
  const Course its = read_until_waiting(false);
  CHECK(its.has_other_run);
  CHECK(its.by_ring == 0);
}

TEST_CASE("many fibers read from a disk at once, more than a ring has room for") {
  with_ring_and_without([] {
    constexpr std::size_t many = 500;
    const Cold cold{some_pages(many)};
    std::size_t right = 0;
    Bodies bodies;
    for (std::size_t each = 0; each < many; ++each) {
      bodies.emplace_back([&, each] { right += read_page(cold.file, each) == page_of(each); });
    }
    run_fibers(std::move(bodies));
    CHECK(right == many);
  });
}

TEST_CASE("a read from a disk moves the file's position, and ends at the file's end") {
  with_ring_and_without([] {
    const std::string bytes = some_pages(2) + "the end";
    const Cold cold{bytes};
    on_fiber([&] {
      std::string got(page, '\0');
      CHECK(::read(cold.file, got.data(), page) == page);
      CHECK(got == page_of(0));
      CHECK(::lseek(cold.file, 0, SEEK_CUR) == page);
      got.resize(2 * page);
      CHECK(::read(cold.file, got.data(), 2 * page) == page + 7);
      CHECK(got.substr(0, page + 7) == page_of(1) + "the end");
      CHECK(::read(cold.file, got.data(), page) == 0);
      CHECK(::lseek(cold.file, 0, SEEK_CUR) == 2 * page + 7);
    });
  });
}

TEST_CASE("a read at a place on a disk leaves the position, and ends at the file's end") {
  with_ring_and_without([] {
    const Cold cold{some_pages(2) + "the end"};
    on_fiber([&] {
      std::string got(2 * page, '\0');
      CHECK(::pread(cold.file, got.data(), 2 * page, page) == page + 7);
      CHECK(got.substr(0, page + 7) == page_of(1) + "the end");
      CHECK(::pread(cold.file, got.data(), page, 2 * page + 7) == 0);
      CHECK(::pread(cold.file, got.data(), page, 1'000'000) == 0);
      CHECK(::lseek(cold.file, 0, SEEK_CUR) == 0);
    });
  });
}

TEST_CASE("what is read from a disk into several buffers fills one after the other") {
  with_ring_and_without([] {
    const std::string bytes = some_pages(pages);
    const Cold cold{bytes};
    on_fiber([&] {
      std::string got(bytes.size(), '\0');
      const std::array<iovec, 3> vectors{
          {{got.data(), 10}, {got.data() + 10, 0}, {got.data() + 10, 2 * page}}};
      CHECK(::readv(cold.file, vectors.data(), 3) == 2 * page + 10);
      CHECK(::lseek(cold.file, 0, SEEK_CUR) == 2 * page + 10);
      CHECK(got.substr(0, 2 * page + 10) == bytes.substr(0, 2 * page + 10));
      const auto place = static_cast<off_t>(30 * page);
      CHECK(::preadv(cold.file, vectors.data(), 3, place) == 2 * page + 10);
      CHECK(got.substr(0, 2 * page + 10) == bytes.substr(30 * page, 2 * page + 10));
    });
  });
}

TEST_CASE("a large file is read from its disk in one call") {
  with_ring_and_without([] {
    const std::string bytes = some_pages(pages);
    const Cold cold{bytes};
    on_fiber([&] {
      std::string got(bytes.size() + 100, '\0');
      CHECK(::read(cold.file, got.data(), got.size()) == static_cast<ssize_t>(bytes.size()));
      CHECK(got.substr(0, bytes.size()) == bytes);
    });
  });
}

// The kernel's own way to read where a file stands, in a ring, gives both the same.
TEST_CASE("fibers that read one file where it stands get each part of it once") {
  with_ring_and_without([] {
    const Cold cold{some_pages(pages)};
    std::set<std::string> parts;
    const auto read_all = [&] {
      std::string got(page, '\0');
      while (::read(cold.file, got.data(), page) == page) {
        CHECK(parts.insert(got).second);
      }
    };
    run_fibers({read_all, read_all, read_all, read_all});
    CHECK(parts.size() == pages);
  });
}

TEST_CASE("a read from a disk fails as the plain call does") {
  with_ring_and_without([] {
    const Cold cold{some_pages(pages)};
    on_fiber([&] {
      void* const nowhere = ::mmap(nullptr, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      REQUIRE(nowhere != MAP_FAILED);
      errno = 0;
      CHECK(::pread(cold.file, nowhere, page, 0) == -1);
      CHECK(errno == EFAULT);
      errno = 0;
      CHECK(::read(cold.file, nowhere, page) == -1);
      CHECK(errno == EFAULT);
      CHECK(::lseek(cold.file, 0, SEEK_CUR) == 0);
      ::munmap(nowhere, page);
      const Owned folder{::open("/tmp", O_RDONLY | O_DIRECTORY)};
      std::array<char, 8> bytes{};
      CHECK(::read(folder, bytes.data(), bytes.size()) == -1);
      CHECK(errno == EISDIR);
    });
  });
}

TEST_CASE("a read from a disk that succeeds leaves errno") {
  with_ring_and_without([] {
    const Cold cold{some_pages(pages)};
    on_fiber([&] {
      errno = 1001;
      for (std::size_t each = 0; each < pages; ++each) {
        read_page(cold.file, each);
      }
      CHECK(errno == 1001);
    });
  });
}

TEST_CASE("what was written and synchronized is read from the disk") {
  with_ring_and_without([] {
    const Owned file = file_of("");
    on_fiber([&] {
      const std::string bytes = some_pages(pages);
      CHECK(::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
      CHECK(::fsync(file) == 0);
      CHECK(::fdatasync(file) == 0);
      cool(file, bytes.size());
      for (std::size_t each = 0; each < pages; ++each) {
        CHECK(read_page(file, each) == page_of(each));
      }
    });
  });
}

TEST_CASE("reads from a disk on several loops don't disturb each other") {
  with_ring_and_without([] {
    const Cold cold{some_pages(pages)};
    std::atomic<std::size_t> right{0};
    const auto read_all = [&] {
      for (std::size_t each = 0; each < pages; ++each) {
        right += read_page(cold.file, each) == page_of(each) ? 1 : 0;
      }
    };
    run_fibers_on_loops({{read_all, read_all}, {read_all, read_all}});
    CHECK(right == 4 * pages);
  });
}

// The kernel would wake the loop as a signal does, if it weren't told not to.
TEST_CASE("a read from a disk interrupts nobody, even where signals would") {
  struct sigaction before {};
  struct sigaction interrupting {};
  interrupting.sa_handler = [](int) {};
  REQUIRE(::sigaction(SIGUSR2, &interrupting, &before) == 0);
  const Cold cold{some_pages(pages)};
  const Ends ends = socket_ends();
  run_fibers({[&] {
                for (std::size_t each = 0; each < pages; ++each) {
                  read_page(cold.file, each);
                  CHECK(::send(ends.there, "x", 1, 0) == 1);
                }
              },
              [&] {
                char byte = 0;
                for (std::size_t each = 0; each < pages; ++each) {
                  CHECK(::recv(ends.here, &byte, 1, 0) == 1);
                }
              }});
  ::sigaction(SIGUSR2, &before, nullptr);
}

// It would take what is the parent's: they share the ring's memory.
TEST_CASE("a child keeps away from its parent's ring") {
  const Cold cold{some_pages(pages)};
  std::size_t right = 0;
  Bodies bodies;
  for (std::size_t each = 0; each < pages; ++each) {
    bodies.emplace_back([&, each] { right += read_page(cold.file, each) == page_of(each); });
  }
  bodies.emplace_back([&] {
    Loop::current()->ring();  // if there is any, the child inherits it
    const pid_t child = ::fork();
    if (child == 0) {
      const bool reads = read_page(cold.file, 0) == page_of(0);
      ::_exit(reads && Ring::of_thread(-1) == nullptr ? 0 : 1);
    }
    int status = 0;
    CHECK(::waitpid(child, &status, 0) == child);
    CHECK(WEXITSTATUS(status) == 0);
  });
  run_fibers(std::move(bodies));
  CHECK(right == pages);
}

}  // namespace flux::tests
