#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/uio.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "calls_told.hpp"

namespace flux::tests {

namespace {

using Bytes = char*;
using Size = std::size_t;

Told reads(int file, Size size = 64) {
  return told_bytes([&](Bytes bytes, Size) { return ::read(file, bytes, size); });
}

Told reads_at(int file, off_t place, Size size = 64) {
  return told_bytes([&](Bytes bytes, Size) { return ::pread(file, bytes, size, place); });
}

Told reads_pieces(int file, int count) {
  std::array<char, 4> first{};
  std::array<char, 16> second{};
  std::vector<iovec> vectors{{first.data(), first.size() - 1}, {second.data(), second.size() - 1}};
  vectors.resize(static_cast<Size>(std::max(count, 2)));
  Told its = told([&] { return ::readv(file, vectors.data(), count); });
  its.bytes = std::string{first.data()} + '|' + second.data();
  return its;
}

Owned pipe_with(const std::string& bytes) {
  Ends ends = pipe_ends();
  REQUIRE(::write(ends.there, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  return std::move(ends.here);
}

Owned memory_with(const std::string& bytes) {
  Owned file{::memfd_create("flux", 0)};
  REQUIRE(::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  REQUIRE(::lseek(file, 0, SEEK_SET) == 0);
  return file;
}

// As much of it as possible is read from the disk.
Owned file_on_disk(const std::string& bytes) {
  Owned file = file_of(bytes);
  ::fdatasync(file);
  ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
  return file;
}

std::string long_text() {
  std::string text;
  while (text.size() < 3'000'000) {
    text += std::to_string(text.size()) + ' ';
  }
  return text;
}

Told reads_long_file() {
  const std::string text = long_text();
  const Owned file = file_on_disk(text);
  Told its = told_bytes([&](Bytes bytes, Size size) { return ::read(file, bytes, size); },
                        text.size() + 10);
  its.bytes = its.bytes.starts_with(text) ? "right" : "wrong";
  return its;
}

Told writes(int file, const std::string& bytes) {
  return told([&] { return ::write(file, bytes.data(), bytes.size()); });
}

Told writes_more_than_fits() {
  const Ends ends = pipe_ends();
  set_nonblocking(ends.there);
  return writes(ends.there, std::string(1'000'000, 'x'));
}

// All or nothing, up to PIPE_BUF.
Told writes_where_little_fits() {
  const Ends ends = pipe_ends();
  set_nonblocking(ends.there);
  writes(ends.there, std::string(65536 - 100, 'x'));
  return writes(ends.there, std::string(4096, 'y'));
}

Told writes_to_nobody() {
  Ends ends = pipe_ends();
  ends.here.close_now();
  return writes(ends.there, "x");
}

Told writes_then_reads(const std::string& path, int flags) {
  const Owned file{::open(path.c_str(), flags | O_CREAT, 0600)};
  Told its = writes(file, "bytes");
  its.bytes = reads_at(file, 0).bytes;
  return its;
}

Told writes_counter() {
  const Owned counter{::eventfd(3, 0)};
  const std::uint64_t more = 4;
  Told its = told([&] { return ::write(counter, &more, sizeof more); });
  std::uint64_t all = 0;
  const ssize_t got = ::read(counter, &all, sizeof all);
  its.bytes = std::to_string(got) + ' ' + std::to_string(all);
  return its;
}

Told reads_counter_without_waiting() { return reads(Owned{::eventfd(0, EFD_NONBLOCK)}); }

Told sends_part_of_file() {
  const Ends ends = socket_ends();
  const Owned file = file_of("some bytes");
  off_t offset = 5;
  Told its = told([&] { return ::sendfile(ends.there, file, &offset, 100); });
  its.bytes = reads(ends.here).bytes + std::to_string(offset);
  return its;
}

Told sends_file_to_file() {
  const Owned from = file_of("some bytes");
  const Owned to = memory_with("");
  Told its = told([&] { return ::sendfile(to, from, nullptr, 100); });
  its.bytes = reads_at(to, 0).bytes;
  return its;
}

Told sends_file_without_waiting() {
  const Ends ends = socket_ends();
  set_nonblocking(ends.there);
  const Owned file = file_of(long_text());
  Told its = told([&] { return ::sendfile(ends.there, file, nullptr, 3'000'000); });
  its.result = its.result > 0 && its.result < 3'000'000;
  return its;
}

Told opens(const char* path, int flags) {
  return told([&] {
    const Owned file{::open(path, flags)};
    return file == -1 ? -1 : 0;
  });
}

Told opens_fifo(int flags) {
  const Place place;
  REQUIRE(::mkfifo(place.path().c_str(), 0600) == 0);
  return opens(place.path().c_str(), flags);
}

Told makes_file() {
  const Place place;
  const Owned file{::open(place.path().c_str(), O_CREAT | O_WRONLY, 0640)};
  struct stat told {};
  ::fstat(file, &told);
  return {.result = told.st_mode};
}

Told locks_without_waiting() {
  const Owned file = file_of("");
  const Owned other{::open(("/proc/self/fd/" + std::to_string(file)).c_str(), O_RDWR)};
  REQUIRE(::flock(file, LOCK_EX) == 0);
  return told([&] { return ::flock(other, LOCK_EX | LOCK_NB); });
}

constexpr std::array equal_files{
    EqualCase{"read of what is there", [] { return reads(pipe_with("bytes")); }},
    EqualCase{"read of less than is there", [] { return reads(pipe_with("bytes"), 2); }},
    EqualCase{"read of nothing", [] { return reads(pipe_with("bytes"), 0); }},
    EqualCase{"read at the end of a pipe", [] { return reads(pipe_with("")); }},
    EqualCase{"read of a file", [] { return reads(file_of("bytes")); }},
    EqualCase{"read at the end of a file", [] { return reads(file_of("")); }},
    EqualCase{"read of a part of a file", [] { return reads(file_of("bytes"), 3); }},
    EqualCase{"read of a long file from the disk", reads_long_file},
    EqualCase{"read of memory", [] { return reads(memory_with("bytes")); }},
    EqualCase{"read of /proc", [] { return reads(Owned{::open("/proc/version", O_RDONLY)}); }},
    EqualCase{"read of a device", [] { return reads(Owned{::open("/dev/zero", O_RDONLY)}); }},
    EqualCase{"read of nobody", [] { return reads(Owned{::open("/dev/null", O_RDONLY)}); }},
    EqualCase{"read of a folder", [] { return reads(Owned{::open("/tmp", O_RDONLY)}); }},
    EqualCase{"read of what is closed", [] { return reads(-1); }},
    EqualCase{"read of what can only be written", [] { return reads(pipe_ends().there); }},
    EqualCase{"read of a counter", [] { return reads(Owned{::eventfd(3, 0)}, 8); }},
    EqualCase{"read of too little of a counter", [] { return reads(Owned{::eventfd(3, 0)}, 4); }},
    EqualCase{"read of a counter that doesn't wait", reads_counter_without_waiting},
    EqualCase{"read of a pipe that doesn't wait",
              [] {
                const Ends ends = pipe_ends();
                set_nonblocking(ends.here);
                return reads(ends.here);
              }},
    EqualCase{"readv of two pieces", [] { return reads_pieces(pipe_with("some bytes"), 2); }},
    EqualCase{"readv of a file", [] { return reads_pieces(file_on_disk("some bytes"), 2); }},
    EqualCase{"readv of no pieces", [] { return reads_pieces(pipe_with("bytes"), 0); }},
    EqualCase{"readv of fewer than none", [] { return reads_pieces(pipe_with("bytes"), -1); }},
    EqualCase{"readv of too many", [] { return reads_pieces(pipe_with("bytes"), 5000); }},
    EqualCase{"pread in a file", [] { return reads_at(file_of("some bytes"), 5); }},
    EqualCase{"pread in a file on the disk",
              [] { return reads_at(file_on_disk("some bytes"), 5); }},
    EqualCase{"pread in memory", [] { return reads_at(memory_with("some bytes"), 5); }},
    EqualCase{"pread beyond the end", [] { return reads_at(file_of("bytes"), 50); }},
    EqualCase{"pread before the beginning", [] { return reads_at(file_of("bytes"), -1); }},
    EqualCase{"pread in a pipe", [] { return reads_at(pipe_with("bytes"), 0); }},
    EqualCase{"write of more than fits", writes_more_than_fits},
    EqualCase{"write where little fits", writes_where_little_fits},
    EqualCase{"write to nobody", writes_to_nobody},
    EqualCase{"write of nothing", [] { return writes(pipe_ends().there, ""); }},
    EqualCase{"write to a device",
              [] { return writes(Owned{::open("/dev/null", O_WRONLY)}, "x"); }},
    EqualCase{"write to a device that is full",
              [] { return writes(Owned{::open("/dev/full", O_WRONLY)}, "x"); }},
    EqualCase{"write to what can only be read",
              [] { return writes(Owned{::open("/dev/null", O_RDONLY)}, "x"); }},
    EqualCase{"write to what is closed", [] { return writes(-1, "x"); }},
    EqualCase{"write to a file", [] { return writes_then_reads(Place{}.path(), O_RDWR); }},
    EqualCase{"write to a counter", writes_counter},
    EqualCase{"sendfile of a part", sends_part_of_file},
    EqualCase{"sendfile to a file", sends_file_to_file},
    EqualCase{"sendfile to a socket that doesn't wait", sends_file_without_waiting},
    EqualCase{"open of nothing", [] { return opens("/tmp/there/is/nothing", O_RDONLY); }},
    EqualCase{"open of a folder", [] { return opens("/tmp", O_RDONLY); }},
    EqualCase{"open of a FIFO without readers", [] { return opens_fifo(O_WRONLY | O_NONBLOCK); }},
    EqualCase{"open of a FIFO without writers", [] { return opens_fifo(O_RDONLY | O_NONBLOCK); }},
    EqualCase{"open of both ends of a FIFO", [] { return opens_fifo(O_RDWR); }},
    EqualCase{"open of a new file", makes_file},
    EqualCase{"flock that doesn't want to wait", locks_without_waiting},
    EqualCase{"flock of what is closed", [] { return told([] { return ::flock(-1, LOCK_EX); }); }},
    EqualCase{"fsync of a file", [] { return told([] { return ::fsync(file_of("x")); }); }},
    EqualCase{"fsync of a pipe", [] { return told([] { return ::fsync(pipe_ends().here); }); }},
    EqualCase{"fdatasync of what is closed", [] { return told([] { return ::fdatasync(-1); }); }},
};

}  // namespace

std::span<const EqualCase> equal_file_cases() { return equal_files; }

}  // namespace flux::tests
