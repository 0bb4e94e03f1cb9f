#include <arpa/inet.h>
#include <netdb.h>

#include <array>

#include "calls_overlap.hpp"
#include "calls_support.hpp"

namespace flux::tests {

namespace {

// A call that a helper thread makes, while other fibers run.
void asks(bool (*call)()) {
  overlap([&] { CHECK(call()); }, [] {});
}

bool asks_for_address() {
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo("localhost", "80", nullptr, &found);
  ::freeaddrinfo(found);
  return error == 0;
}

bool asks_for_name() {
  sockaddr_in address = any_port();
  std::array<char, 256> host{};
  return ::getnameinfo(plain(address), sizeof address, host.data(), host.size(), nullptr, 0, 0) ==
         0;
}

bool asks_with_buffer() {
  hostent host{};
  hostent* found = nullptr;
  std::array<char, 4096> buffer{};
  int error = 0;
  return ::gethostbyname_r("localhost", &host, buffer.data(), buffer.size(), &found, &error) == 0;
}

bool asks_for_family_with_buffer() {
  hostent host{};
  hostent* found = nullptr;
  std::array<char, 4096> buffer{};
  int error = 0;
  return ::gethostbyname2_r("localhost", AF_INET, &host, buffer.data(), buffer.size(), &found,
                            &error) == 0;
}

bool asks_by_address() {
  const in_addr address{htonl(INADDR_LOOPBACK)};
  return ::gethostbyaddr(&address, sizeof address, AF_INET) != nullptr || h_errno != 0;
}

void shuts_down() {
  const Ends ends = socket_ends();
  overlap(
      [&] {
        char byte = 0;
        CHECK(::recv(ends.here, &byte, 1, 0) == 0);
      },
      [&] { CHECK(::shutdown(ends.here, SHUT_RD) == 0); });
}

constexpr std::array overlap_others{
    OverlapCase{"getaddrinfo", [] { asks(asks_for_address); }},
    OverlapCase{"getnameinfo", [] { asks(asks_for_name); }},
    OverlapCase{"gethostbyname",
                [] { asks([] { return ::gethostbyname("localhost") != nullptr; }); }},
    OverlapCase{"gethostbyname2",
                [] { asks([] { return ::gethostbyname2("localhost", AF_INET) != nullptr; }); }},
    OverlapCase{"gethostbyname_r", [] { asks(asks_with_buffer); }},
    OverlapCase{"gethostbyname2_r", [] { asks(asks_for_family_with_buffer); }},
    OverlapCase{"gethostbyaddr", [] { asks(asks_by_address); }},
    OverlapCase{"shutdown", shuts_down},
};

}  // namespace

std::span<const OverlapCase> other_cases() { return overlap_others; }

}  // namespace flux::tests
