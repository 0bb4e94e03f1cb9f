#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>

#include "calls_overlap.hpp"
#include "calls_support.hpp"

extern "C" int close_range(unsigned, unsigned, int) noexcept;

namespace flux::tests {

namespace {

// A call that closes a descriptor ends the wait for it.
template <class Call>
void closes(Call call) {
  const Ends ends = socket_ends();
  int highest = ::fcntl(ends.here, F_DUPFD, 500);
  overlap(
      [&] {
        char byte = 0;
        CHECK(::recv(highest, &byte, 1, 0) == -1);
        CHECK(errno == EBADF);
      },
      [&] { call(highest); });
  ::close(highest);
}

// Two opens of one file, of which one is locked.
struct LockedTwice {
  Place place{};
  Owned first{::open(place.path().c_str(), O_RDWR | O_CREAT, 0600)};
  Owned second{::open(place.path().c_str(), O_RDWR)};
};

void waits_for_flock() {
  const LockedTwice file;
  REQUIRE(::flock(file.first, LOCK_EX) == 0);
  overlap([&] { CHECK(::flock(file.second, LOCK_EX) == 0); },
          [&] { CHECK(::flock(file.first, LOCK_UN) == 0); });
}

struct flock whole(short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

template <class Call>
void waits_for_range(Call call) {
  const LockedTwice file;
  struct flock lock = whole(F_WRLCK);
  struct flock unlock = whole(F_UNLCK);
  REQUIRE(::fcntl(file.first, F_OFD_SETLK, &lock) == 0);
  overlap([&] { CHECK(call(file.second, F_OFD_SETLKW, &lock) == 0); },
          [&] { CHECK(::fcntl(file.first, F_OFD_SETLK, &unlock) == 0); });
}

// A child, until its end of a pair of sockets is told to end.
class Child {
 public:
  template <class Work>
  Child(Ends& ends, Work work) {
    pid_ = ::fork();
    if (pid_ == 0) {
      work();
      char byte = 'r';
      ::send(ends.here, &byte, 1, 0);
      ends.there.close_now();
      ::recv(ends.here, &byte, 1, 0);
      ::_exit(7);
    }
    char byte = 0;
    REQUIRE(::recv(ends.there, &byte, 1, 0) == 1);
  }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

// A lock of another process's.
void waits_for_process() {
  const Place place;
  const Owned file{::open(place.path().c_str(), O_RDWR | O_CREAT, 0600)};
  struct flock lock = whole(F_WRLCK);
  Ends ends = socket_ends();
  const Child child{ends, [&] { ::fcntl(file, F_SETLK, &lock); }};
  overlap([&] { CHECK(::fcntl(file, F_SETLKW, &lock) == 0); },
          [&] { CHECK(::send(ends.there, "x", 1, 0) == 1); });
  CHECK(::waitpid(child.pid(), nullptr, 0) == child.pid());
}

template <class Call>
void waits_for_child(Call call) {
  Ends ends = socket_ends();
  const Child child{ends, [] {}};
  int status = 0;
  overlap([&] { CHECK(call(child.pid(), status) == child.pid()); },
          [&] { CHECK(::send(ends.there, "x", 1, 0) == 1); });
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 7);
}

pid_t by_waitid(pid_t child, int& status) {
  siginfo_t told{};
  const int result = ::waitid(P_PID, static_cast<id_t>(child), &told, WEXITED);
  status = told.si_status << 8;
  return result == 0 ? told.si_pid : -1;
}

void reads_stream() {
  Ends ends = socket_ends();
  std::array<char, 16> line{};
  overlap(
      [&] {
        std::FILE* const stream = ::fdopen(::dup(ends.here), "r");
        REQUIRE(stream != nullptr);
        CHECK(std::fgets(line.data(), line.size(), stream) != nullptr);
        CHECK(std::fclose(stream) == 0);
      },
      [&] { CHECK(::write(ends.there, "a line\nmore", 11) == 11); });
  CHECK(std::string{line.data()} == "a line\n");
}

void closes_stream() {
  const Ends ends = socket_ends();
  std::FILE* const stream = ::fdopen(::dup(ends.here), "r");
  const int its = ::fileno(stream);
  overlap(
      [&] {
        char byte = 0;
        CHECK(::recv(its, &byte, 1, 0) == -1);
        CHECK(errno == EBADF);
      },
      [&] { CHECK(std::fclose(stream) == 0); });
}

template <class Call>
void waits_for_disk(Call call) {
  const Owned file = file_of("bytes");
  overlap([&] { CHECK(call(file) == 0); }, [] {});
}

constexpr std::array overlap_files{
    OverlapCase{"close", [] { closes(::close); }},
    OverlapCase{"dup2", [] { closes([](int its) { ::dup2(0, its); }); }},
    OverlapCase{"dup3", [] { closes([](int its) { ::dup3(0, its, 0); }); }},
    OverlapCase{"close_range",
                [] {
                  closes([](int its) {
                    ::close_range(static_cast<unsigned>(its), static_cast<unsigned>(its), 0);
                  });
                }},
    OverlapCase{"closefrom", [] { closes(::closefrom); }},
    OverlapCase{"fclose", closes_stream},
    OverlapCase{"flock", waits_for_flock},
    OverlapCase{"fcntl", [] { waits_for_range(::fcntl); }},
    OverlapCase{"fcntl", waits_for_process},
    OverlapCase{"fcntl64", [] { waits_for_range(::fcntl64); }},
    OverlapCase{
        "waitpid",
        [] { waits_for_child([](pid_t its, int& status) { return ::waitpid(its, &status, 0); }); }},
    OverlapCase{"wait",
                [] { waits_for_child([](pid_t, int& status) { return ::wait(&status); }); }},
    OverlapCase{
        "wait3",
        [] { waits_for_child([](pid_t, int& status) { return ::wait3(&status, 0, nullptr); }); }},
    OverlapCase{"wait4",
                [] {
                  waits_for_child(
                      [](pid_t its, int& status) { return ::wait4(its, &status, 0, nullptr); });
                }},
    OverlapCase{"waitid", [] { waits_for_child(by_waitid); }},
    OverlapCase{"fdopen", reads_stream},
    OverlapCase{"fsync", [] { waits_for_disk(::fsync); }},
    OverlapCase{"fdatasync", [] { waits_for_disk(::fdatasync); }},
};

}  // namespace

std::span<const OverlapCase> file_cases() { return overlap_files; }

}  // namespace flux::tests
