// The floor: what a reply costs on this machine if a server does nothing but its system calls.
//
//     floor FOLDER SIZE..
//
// One thread, one epoll, a `recv` and a `send` for each reply, which is whole in memory, head and
// all. A request is looked at as little as can be: for the size in its first line (`GET /16 HTTP`)
// and for the word `close`. It is no server to run: a request in two pieces, or in bad words, gets
// rubbish, and a client that doesn't read keeps all others waiting.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace {

struct Reply {
  std::string staying;
  std::string closing;
};

using Replies = std::map<std::string, Reply, std::less<>>;  // by size, as in a request

int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>{file}, {}};
}

Reply reply_of(const std::string& size, const std::string& text) {
  const std::string head =
      "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: text/plain\r\n"
      "ETag: \"" +
      size + "\"\r\nContent-Length: " + std::to_string(text.size());
  return {head + "\r\nConnection: keep-alive\r\n\r\n" + text,
          head + "\r\nConnection: close\r\n\r\n" + text};
}

int listening() {
  const int server = checked(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), "socket");
  const int on = 1;
  checked(::setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const general = reinterpret_cast<sockaddr*>(&address);
  checked(::bind(server, general, size), "bind");
  checked(::listen(server, 4096), "listen");
  checked(::getsockname(server, general, &size), "getsockname");
  std::printf("listening on http://127.0.0.1:%d\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return server;
}

void send_all(int client, std::string_view text) {
  while (!text.empty()) {
    const auto sent = ::send(client, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN) return;
    text.remove_prefix(sent > 0 ? static_cast<std::size_t>(sent) : 0);
    pollfd room{.fd = client, .events = POLLOUT, .revents = 0};
    if (!text.empty()) ::poll(&room, 1, -1);
  }
}

class Floor {
 public:
  explicit Floor(Replies replies) : replies_(std::move(replies)) { watch(server_, EPOLLIN); }

  [[noreturn]] void serve() {
    std::array<epoll_event, 256> events;
    while (true) {
      const int count = ::epoll_wait(epoll_, events.data(), events.size(), -1);
      for (const auto& event : std::span(events).first(static_cast<std::size_t>(count))) {
        event.data.fd == server_ ? accept() : answer(event.data.fd);
      }
    }
  }

 private:
  void watch(int descriptor, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = descriptor;
    checked(::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event), "epoll_ctl");
  }

  void accept() {
    int client = -1;
    while ((client = ::accept4(server_, nullptr, nullptr, SOCK_NONBLOCK)) >= 0) {
      watch(client, EPOLLIN | EPOLLET | EPOLLRDHUP);
    }
  }

  void answer(int client) {
    std::array<char, 4096> text;
    const auto got = ::recv(client, text.data(), text.size(), MSG_DONTWAIT);
    const std::string_view request(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    const auto end = request.find(' ', 5);
    const auto reply = end != request.npos ? replies_.find(request.substr(5, end - 5))  // "GET /"
                                           : replies_.end();
    const bool closes = reply == replies_.end() || request.find("close") != request.npos;
    if (reply != replies_.end()) {
      send_all(client, closes ? reply->second.closing : reply->second.staying);
    }
    if (closes) ::close(client);
  }

  Replies replies_;
  int epoll_ = checked(::epoll_create1(0), "epoll_create1");
  int server_ = listening();
};

}  // namespace

int main(int argc, char** argv) {
  const std::span words(argv, static_cast<std::size_t>(argc));
  Replies replies;
  for (const std::string size : words.subspan(2)) {
    replies[size] = reply_of(size, text_of(words[1] + ("/" + size)));
  }
  Floor(std::move(replies)).serve();
}
