#include <sys/stat.h>
#include <sys/un.h>

#include <array>
#include <vector>

#include "calls_overlap.hpp"
#include "calls_support.hpp"

namespace flux::tests {

namespace {

template <class Call>
void accepts(Call call) {
  const Owned listener = listening();
  Owned there;
  overlap([&] { CHECK(Owned{call(listener)} != -1); }, [&] { there = connected_to(listener); });
}

// To a queue that is full: the connection is made when one was taken out of it.
void connects() {
  const Owned listener = listening(0);
  const sockaddr_in address = address_of(listener);
  const Owned first = connected_to(listener);
  const Owned second{::socket(AF_INET, SOCK_STREAM, 0)};
  overlap([&] { CHECK(::connect(second, plain(address), sizeof address) == 0); },
          [&] { CHECK(Owned{::accept(listener, nullptr, nullptr)} != -1); });
  CHECK(::connect(second, plain(address), sizeof address) == -1);
  CHECK(errno == EISCONN);
}

void connects_on_this_machine() {
  const Owned listener{::socket(AF_UNIX, SOCK_STREAM, 0)};
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  auto* const name = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  REQUIRE(::bind(listener, name, sizeof(sa_family_t)) == 0);
  REQUIRE(::getsockname(listener, name, &size) == 0);
  REQUIRE(::listen(listener, 0) == 0);
  const Owned first{::socket(AF_UNIX, SOCK_STREAM, 0)};
  REQUIRE(::connect(first, name, size) == 0);
  const Owned second{::socket(AF_UNIX, SOCK_STREAM, 0)};
  overlap([&] { CHECK(::connect(second, name, size) == 0); },
          [&] { CHECK(Owned{::accept(listener, nullptr, nullptr)} != -1); });
}

// A FIFO is opened when somebody opens the other end.
template <class Call>
void opens_fifo(Call call, int other) {
  const Place place;
  const std::string path = place.path();
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  Owned there;
  overlap([&] { CHECK(Owned{call(path.c_str())} != -1); },
          [&] { there = Owned{::open(path.c_str(), other)}; });
  CHECK(there != -1);
}

constexpr std::array overlap_connecting{
    OverlapCase{"accept", [] { accepts([](int its) { return ::accept(its, nullptr, nullptr); }); }},
    OverlapCase{
        "accept4",
        [] { accepts([](int its) { return ::accept4(its, nullptr, nullptr, SOCK_CLOEXEC); }); }},
    OverlapCase{"connect", connects},
    OverlapCase{"connect", connects_on_this_machine},
    OverlapCase{
        "open",
        [] { opens_fifo([](const char* its) { return ::open(its, O_RDONLY); }, O_WRONLY); }},
    OverlapCase{
        "open",
        [] { opens_fifo([](const char* its) { return ::open(its, O_WRONLY); }, O_RDONLY); }},
    OverlapCase{
        "open64",
        [] { opens_fifo([](const char* its) { return ::open64(its, O_RDONLY); }, O_WRONLY); }},
    OverlapCase{"openat",
                [] {
                  opens_fifo([](const char* its) { return ::openat(AT_FDCWD, its, O_RDONLY); },
                             O_WRONLY);
                }},
    OverlapCase{"openat64",
                [] {
                  opens_fifo([](const char* its) { return ::openat64(AT_FDCWD, its, O_RDONLY); },
                             O_WRONLY);
                }},
    OverlapCase{"creat",
                [] { opens_fifo([](const char* its) { return ::creat(its, 0600); }, O_RDONLY); }},
    OverlapCase{"creat64",
                [] { opens_fifo([](const char* its) { return ::creat64(its, 0600); }, O_RDONLY); }},
};

}  // namespace

std::span<const OverlapCase> connecting_cases() { return overlap_connecting; }

}  // namespace flux::tests
