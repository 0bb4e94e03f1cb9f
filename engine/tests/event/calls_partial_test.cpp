#include <limits.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <vector>

#include "calls_support.hpp"

namespace flux::tests {

namespace {

constexpr std::size_t much = 10'000'000;

// In which each place can be told from the others; made once, for that takes sanitizers seconds.
const std::string& numbered_text() {
  static const std::string whole = [] {
    std::string text;
    text.reserve(much + 80);
    while (text.size() < much) {
      text.append(std::to_string(text.size())).append(64, ' ');
    }
    text.resize(much);
    return text;
  }();
  return whole;
}

// One call sends everything, while another fiber reads it.
template <class Call>
void goes_whole(Ends ends, Call call) {
  const std::string& text = numbered_text();
  std::string got;
  run_fibers({[&] {
                CHECK(call(ends.there, text) == static_cast<ssize_t>(text.size()));
                ends.there.close_now();
              },
              [&] { got = all_from(ends.here); }});
  CHECK((got == text));
}

ssize_t write_all(int descriptor, const std::string& text) {
  return ::write(descriptor, text.data(), text.size());
}

// In a thousand buffers, of which some are empty.
ssize_t writev_all(int descriptor, const std::string& text) {
  std::vector<iovec> vectors;
  auto* const bytes = const_cast<char*>(text.data());
  for (std::size_t at = 0; at < text.size(); at += 20'000) {
    vectors.push_back({bytes + at, std::min<std::size_t>(20'000, text.size() - at)});
    vectors.push_back({bytes, 0});
  }
  return ::writev(descriptor, vectors.data(), static_cast<int>(vectors.size()));
}

ssize_t sendfile_all(int descriptor, const std::string& text) {
  return ::sendfile(descriptor, file_of(text), nullptr, text.size() + 10);
}

ssize_t send_all(int descriptor, const std::string& text) {
  return ::send(descriptor, text.data(), text.size(), 0);
}

// Messages of PIPE_BUF bytes that several fibers write are never mixed.
void keeps_messages_whole(Ends ends, std::size_t size) {
  constexpr int writers = 4;
  constexpr int messages = 100;
  int left = writers;
  std::vector<std::function<void()>> bodies;
  for (int each = 0; each < writers; ++each) {
    bodies.emplace_back([&, each] {
      const std::string message(size, static_cast<char>('a' + each));
      for (int number = 0; number < messages; ++number) {
        CHECK(::write(ends.there, message.data(), size) == static_cast<ssize_t>(size));
      }
      if (--left == 0) {
        ends.there.close_now();
      }
    });
  }
  std::string got;
  bodies.emplace_back([&] { got = all_from(ends.here); });
  run_fibers(std::move(bodies));
  REQUIRE(got.size() == size * writers * messages);
  for (std::size_t at = 0; at < got.size(); at += size) {
    const std::string_view message{got.data() + at, size};
    CHECK(message.find_first_not_of(message[0]) == std::string_view::npos);
  }
}

}  // namespace

TEST_CASE("a fiber's send goes whole through a socket") {
  goes_whole(socket_ends(), send_all);
  goes_whole(tcp_ends(), send_all);
}

TEST_CASE("a fiber's write goes whole through a socket, a pipe and a FIFO") {
  goes_whole(socket_ends(), write_all);
  goes_whole(tcp_ends(), write_all);
  goes_whole(pipe_ends(), write_all);
  goes_whole(fifo_ends(), write_all);
}

TEST_CASE("a fiber's write of many buffers goes whole through a socket, a pipe and a FIFO") {
  goes_whole(socket_ends(), writev_all);
  goes_whole(pipe_ends(), writev_all);
  goes_whole(fifo_ends(), writev_all);
}

TEST_CASE("a file goes whole through a socket and a pipe") {
  goes_whole(socket_ends(), sendfile_all);
  goes_whole(tcp_ends(), sendfile_all);
  goes_whole(pipe_ends(), sendfile_all);
}

TEST_CASE("all that is wanted is received, however it comes") {
  const Ends ends = tcp_ends();
  const std::string& text = numbered_text();
  std::string got(text.size(), '-');
  run_fibers({[&] {
                CHECK(::recv(ends.here, got.data(), got.size(), MSG_WAITALL) ==
                      static_cast<ssize_t>(got.size()));
              },
              [&] { CHECK(send_all(ends.there, text) == static_cast<ssize_t>(text.size())); }});
  CHECK((got == text));
}

TEST_CASE("short writes to a pipe are never mixed") {
  keeps_messages_whole(pipe_ends(), PIPE_BUF);
  keeps_messages_whole(pipe_ends(), 1000);
  keeps_messages_whole(fifo_ends(), PIPE_BUF);
  keeps_messages_whole(fifo_ends(), 1000);
}

}  // namespace flux::tests
