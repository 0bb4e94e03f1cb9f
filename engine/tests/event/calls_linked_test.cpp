#include <dlfcn.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "calls_support.hpp"
#include "event/calls/calls.hpp"

namespace flux::tests {

namespace {

namespace fs = std::filesystem;

// A folder for what is compiled, gone at the end.
class Workshop {
 public:
  Workshop() {
    std::string name = "/tmp/flux-linked-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
  }
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;
  ~Workshop() { fs::remove_all(folder_); }

  fs::path file(const char* name, const std::string& text) const {
    std::ofstream{folder_ / name} << text;
    return folder_ / name;
  }

  // The compiler's or the program's result.
  int run(const std::string& command) const {
    return std::system(("cd " + folder_.string() + " && " + command).c_str());
  }

  fs::path path(const char* name) const { return folder_ / name; }

 private:
  fs::path folder_;
};

// A library that somebody else has built, as most are: optimized, fortified, bound at once.
constexpr const char* library_source = R"(
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
long receive(int socket, char* bytes, int size) { return recv(socket, bytes, size, 0); }
long wait_and_read(int file, int size) {
  char bytes[8];
  struct pollfd polled = {file, POLLIN, 0};
  return poll(&polled, 1, -1) == 1 ? read(file, bytes, size) : -1;
}
)";

constexpr const char* library_command =
    "cc -shared -fPIC -O2 -D_FORTIFY_SOURCE=2 -Wl,-z,now library.c -o library.so";

// A program that calls none of the functions itself, and asks where a library would find them.
constexpr const char* program_source = R"(
#include <dlfcn.h>
#include <cstdio>
#include <cstring>
namespace flux::event { void link_calls() noexcept; }
int main(int, char** names) {
  flux::event::link_calls();
  Dl_info own{};
  dladdr(dlsym(RTLD_DEFAULT, "recv"), &own);
  int missing = 0;
  for (char** each = names + 1; *each != nullptr; ++each) {
    Dl_info its{};
    void* const found = dlsym(RTLD_DEFAULT, *each);
    if (found == nullptr || dladdr(found, &its) == 0 || std::strstr(its.dli_fname, ".so") != nullptr) {
      std::printf("%s is not the program's\n", *each);
      ++missing;
    }
  }
  return missing;
}
)";

constexpr const char* asking =
    "./program read __read_chk readv recv __recv_chk recvfrom __recvfrom_chk recvmsg"
    " recvmmsg write writev send sendto sendmsg sendmmsg sendfile sendfile64 accept accept4"
    " connect poll __poll_chk ppoll __ppoll_chk select pselect epoll_wait epoll_pwait"
    " epoll_pwait2 sleep usleep nanosleep clock_nanosleep sched_yield close close_range"
    " closefrom fclose dup dup2 dup3 fcntl fcntl64 pread pread64 __pread_chk __pread64_chk"
    " preadv preadv64 open open64 openat openat64 __open_2 __open64_2 __openat_2"
    " __openat64_2 creat creat64 fsync fdatasync flock wait waitpid wait3 wait4 waitid"
    " fdopen getaddrinfo getnameinfo gethostbyname gethostbyname2 gethostbyname_r"
    " gethostbyname2_r gethostbyaddr socket socketpair pipe pipe2 eventfd timerfd_create"
    " signalfd inotify_init inotify_init1 epoll_create epoll_create1 pthread_exit";

// The library that these tests are linked with: the Makefile says where it is.
fs::path static_library() {
  const char* const told = std::getenv("FLUX_LIBRARY");
  return told != nullptr ? told : "";
}

constexpr const char* sanitizer_flag =
#if defined(__SANITIZE_ADDRESS__)
    " -fsanitize=address,undefined";
#elif defined(__SANITIZE_THREAD__)
    " -fsanitize=thread";
#else
    "";
#endif

}  // namespace

TEST_CASE("a shared library that is loaded later calls the program's functions") {
  const Workshop workshop;
  workshop.file("library.c", library_source);
  REQUIRE(workshop.run(library_command) == 0);
  void* const library = ::dlopen(workshop.path("library.so").c_str(), RTLD_NOW);
  REQUIRE(library != nullptr);
  const auto receive = reinterpret_cast<long (*)(int, char*, int)>(::dlsym(library, "receive"));
  const auto wait_and_read =
      reinterpret_cast<long (*)(int, int)>(::dlsym(library, "wait_and_read"));
  const Ends ends = socket_ends();
  std::array<char, 8> bytes{};
  const auto send = [&] { CHECK(::send(ends.there, "four", 4, 0) == 4); };
  overlap([&] { CHECK(receive(ends.here, bytes.data(), 8) == 4); }, send);
  overlap([&] { CHECK(wait_and_read(ends.here, 4) == 4); }, send);
  ::dlclose(library);
}

TEST_CASE("link_calls links all functions into a program that calls none of them") {
  event::link_calls();
  const fs::path library = static_library();
  INFO("`make test` sets FLUX_LIBRARY");
  REQUIRE(fs::exists(library));
  const Workshop workshop;
  workshop.file("program.cpp", program_source);
  const std::string flags = std::string{"c++ -std=c++20 -pthread program.cpp"} + sanitizer_flag;
  for (const char* linker : {"", " -Wl,--gc-sections", " -Wl,--as-needed", " -fuse-ld=gold"}) {
    INFO(std::string{linker});
    if (std::string{linker}.ends_with("gold") && !fs::exists("/usr/bin/ld.gold")) {
      continue;
    }
    const std::string command = flags + " " + library.string() + linker + " -o program";
    REQUIRE(workshop.run(command) == 0);
    CHECK(workshop.run(asking) == 0);
  }
}

}  // namespace flux::tests
