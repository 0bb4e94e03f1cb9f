#include "fastcgi.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <flux/nodes/address.hpp>
#include <system_error>

#include "socket.hpp"
#include "text.hpp"

namespace fastcgi {
namespace {

using Clock = std::chrono::steady_clock;

// bytes: version, kind, request (2), size (2), padding, nothing
constexpr std::size_t header = 8;
enum Kind : unsigned char { begin = 1, end = 3, params = 4, input = 5, output = 6, error = 7 };
constexpr std::size_t most_of_record = 0xffff;
constexpr std::size_t chunk = 64 * 1024;

void append_number(std::string& text, std::size_t number, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    text += static_cast<char>(number >> shift & 0xffU);
  }
}

// Lengths of 128 and more take four bytes.
void append_length(std::string& text, std::size_t size) {
  if (size < 0x80) return append_number(text, size, 1);
  append_number(text, size | 0x8000'0000U, 4);
}

void append_record(std::string& text, Kind kind, std::string_view content) {
  text.append({1, static_cast<char>(kind), 0, 1});
  append_number(text, content.size(), 2);
  text.append(2, '\0').append(content);
}

void append_stream(std::string& text, Kind kind, std::string_view data) {
  for (; !data.empty(); data.remove_prefix(std::min(most_of_record, data.size()))) {
    append_record(text, kind, data.substr(0, most_of_record));
  }
  append_record(text, kind, {});
}

[[noreturn]] void fail(const std::string& address) {
  throw Error{address + ": " + std::generic_category().message(errno)};
}

// A port behind the last colon; -1 if there is none, and the address is a path.
int port_of(const std::string& address) {
  const auto colon = address.rfind(':');
  if (colon == address.npos || address.find('/') != address.npos) return -1;
  const auto digits = std::string_view{address}.substr(colon + 1);
  int port = -1;
  const auto found = std::from_chars(digits.begin(), digits.end(), port);
  return found.ptr == digits.end() && text::all_digits(digits) ? port : -1;
}

// A socket that has connected within a time.
Socket connected(const std::string& address, const sockaddr* place, socklen_t size,
                 std::chrono::milliseconds timeout) {
  Socket own{::socket(place->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (own.descriptor() < 0) fail(address);
  const auto rest = std::chrono::microseconds{timeout % std::chrono::seconds{1}}.count();
  const timeval patience{timeout / std::chrono::seconds{1}, rest};
  ::setsockopt(own.descriptor(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (::connect(own.descriptor(), place, size) != 0) {
    if (errno == EINPROGRESS || errno == EAGAIN) throw TooSlow{address};
    fail(address);
  }
  return own;
}

Socket connect_to_path(const std::string& path, std::chrono::milliseconds timeout) {
  sockaddr_un place{};
  place.sun_family = AF_UNIX;
  if (path.size() >= sizeof place.sun_path) throw Error{path + " is too long"};
  path.copy(place.sun_path, path.size());
  return connected(path, reinterpret_cast<const sockaddr*>(&place), sizeof place, timeout);
}

Socket connect(const std::string& address, std::chrono::milliseconds timeout) {
  const int port = port_of(address);
  if (port < 0) return connect_to_path(address, timeout);
  try {
    const flux::nodes::Address place{address.substr(0, address.rfind(':')), port};
    return connected(address, place.data(), place.size(), timeout);
  } catch (const std::system_error& unknown) {
    throw Error{unknown.what()};
  } catch (const std::invalid_argument& unknown) {
    throw Error{unknown.what()};
  }
}

// Sends and receives on one socket, whatever goes.
class Exchange {
 public:
  Exchange(const std::string& address, Socket socket, std::string_view request, Output& output)
      : address_{address}, socket_{std::move(socket)}, unsent_{request}, output_{output} {}

  void run(Clock::time_point deadline) {
    for (bool is_over = false; !is_over;) {
      const short events = wait(deadline);
      if ((events & POLLOUT) != 0) send();
      is_over = (events & ~POLLOUT) != 0 && receive();
    }
  }

 private:
  short wait(Clock::time_point deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    const auto wanted = static_cast<short>(unsent_.empty() ? POLLIN : POLLIN | POLLOUT);
    pollfd own{socket_.descriptor(), wanted, 0};
    const int found = left.count() <= 0 ? 0 : ::poll(&own, 1, static_cast<int>(left.count()));
    if (found == 0) throw TooSlow{address_};
    return found < 0 ? short{0} : own.revents;
  }

  void send() {
    const auto size =
        ::send(socket_.descriptor(), unsent_.data(), unsent_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (size >= 0) {
      unsent_.remove_prefix(static_cast<std::size_t>(size));
    } else if (errno != EAGAIN && errno != EINTR) {
      fail(address_);
    }
  }

  // Whether the answer has come to its end.
  bool receive() {
    room_.resize(chunk);
    const auto size = ::recv(socket_.descriptor(), room_.data(), room_.size(), MSG_DONTWAIT);
    if (size == 0) throw Error{address_ + ": the server has gone before its end"};
    if (size > 0) return output_.feed({room_.data(), static_cast<std::size_t>(size)});
    if (errno != EAGAIN && errno != EINTR) fail(address_);
    return false;
  }

  const std::string& address_;
  Socket socket_;
  std::string_view unsent_;
  Output& output_;
  std::vector<char> room_;
};

}  // namespace

std::string encode(const Parameters& parameters, std::string_view body) {
  std::string pairs;
  for (const auto& [name, value] : parameters) {
    append_length(pairs, name.size());
    append_length(pairs, value.size());
    pairs.append(name).append(value);
  }
  std::string request;
  append_record(request, begin, {"\0\1\0\0\0\0\0\0", 8});  // a responder, and one request only
  append_stream(request, params, pairs);
  append_stream(request, input, body);
  return request;
}

bool Output::feed(std::string_view data) {
  buffer_.append(data);
  std::string_view rest = buffer_;
  bool is_end = false;
  while (!is_end && rest.size() >= header) {
    const auto byte = [rest](std::size_t at) { return static_cast<unsigned char>(rest[at]); };
    if (byte(0) != 1) throw Error{"not FastCGI"};
    const std::size_t size = byte(4) * 256U + byte(5);
    const std::size_t whole = header + size + byte(6);
    if (rest.size() < whole) break;
    is_end = take(byte(1), rest.substr(header, size));
    rest.remove_prefix(whole);
  }
  buffer_.erase(0, buffer_.size() - rest.size());
  return is_end;
}

bool Output::take(unsigned char kind, std::string_view content) {
  if (kind == end) {
    if (content.size() < 5 || content[4] != 0) throw Error{"the server refuses the request"};
    return true;
  }
  if (kind == output) text_.append(content);
  if (kind == error) complaints_.append(content);
  if (text_.size() + complaints_.size() > most_) throw Error{"the answer is too long"};
  return false;
}

void ask(const std::string& address, std::string_view request, Output& output,
         std::chrono::milliseconds timeout) {
  const auto deadline = Clock::now() + timeout;
  Exchange{address, connect(address, timeout), request, output}.run(deadline);
}

}  // namespace fastcgi
