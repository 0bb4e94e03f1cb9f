#include "post.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <flux/nodes/descriptor.hpp>
#include <memory>
#include <string_view>
#include <system_error>

namespace flux::trace {

namespace {

using nodes::detail::Descriptor;
using Found = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

[[noreturn]] void fail(int error) { throw std::system_error{error, std::generic_category()}; }

Found addresses(const Receiver& to) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(to.port);
  const int error = getaddrinfo(to.host.c_str(), port.c_str(), &hints, &found);
  if (error != 0) {
    fail(error == EAI_SYSTEM ? errno : EADDRNOTAVAIL);
  }
  return {found, &freeaddrinfo};
}

void wait_for(const Descriptor& socket, short events, Deadline deadline) {
  pollfd polled{.fd = socket.get(), .events = events, .revents = 0};
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
      fail(ETIMEDOUT);
    }
    if (poll(&polled, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 60'000))) > 0) {
      return;
    }
  }
}

// 0, or why not.
int connect_to(const Descriptor& socket, const addrinfo& address, Deadline deadline) {
  if (connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0) {
    return 0;
  }
  if (errno != EINPROGRESS) {
    return errno;
  }
  wait_for(socket, POLLOUT, deadline);
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

Descriptor connected(const Receiver& to, Deadline deadline) {
  const Found found = addresses(to);
  int error = EADDRNOTAVAIL;
  for (const addrinfo* each = found.get(); each != nullptr; each = each->ai_next) {
    Descriptor socket{
        ::socket(each->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, each->ai_protocol)};
    error = socket ? connect_to(socket, *each, deadline) : errno;
    if (error == 0) {
      return socket;
    }
  }
  fail(error);
}

void send_all(const Descriptor& socket, std::string_view text, Deadline deadline) {
  while (!text.empty()) {
    const ssize_t size = send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL);
    if (size >= 0) {
      text.remove_prefix(static_cast<std::size_t>(size));
    } else if (errno == EAGAIN) {
      wait_for(socket, POLLOUT, deadline);
    } else if (errno != EINTR) {
      fail(errno);
    }
  }
}

// All that comes, but no more than anybody has to say here.
std::string answer(const Descriptor& socket, Deadline deadline) {
  constexpr std::size_t most = 65'536;
  std::string text;
  std::array<char, 4096> room;
  while (text.size() < most) {
    const ssize_t size = recv(socket.get(), room.data(), room.size(), 0);
    if (size == 0) {
      break;
    }
    if (size > 0) {
      text.append(room.data(), static_cast<std::size_t>(size));
    } else if (errno == EAGAIN) {
      wait_for(socket, POLLIN, deadline);
    } else if (errno != EINTR) {
      fail(errno);
    }
  }
  return text;
}

// `HTTP/1.1 200 OK`.
int status_of(std::string_view answer) {
  constexpr std::size_t place = 9;
  int status = 0;
  const bool is_http = answer.starts_with("HTTP/1.") && answer.size() >= place + 3;
  const char* const digits = answer.data() + place;
  if (!is_http || std::from_chars(digits, digits + 3, status).ec != std::errc{}) {
    fail(EPROTO);
  }
  return status;
}

}  // namespace

int post(const Receiver& to, const std::string& json, Deadline deadline) {
  std::string head =
      "POST " + to.path + " HTTP/1.1\r\nHost: " + to.authority +
      "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(json.size()) +
      "\r\nConnection: close\r\n";
  for (const auto& [name, value] : to.headers) {
    head += name + ": " + value + "\r\n";
  }
  const Descriptor socket = connected(to, deadline);
  send_all(socket, head + "\r\n", deadline);
  send_all(socket, json, deadline);
  return status_of(answer(socket, deadline));
}

}  // namespace flux::trace
