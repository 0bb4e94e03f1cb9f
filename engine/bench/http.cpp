// How long the HTTP codec takes for a browser's request and for its response.

#include "flux/nodes/http.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string_view>

namespace {

using namespace flux::nodes;

constexpr std::string_view browser =
    "GET /pictures/landscape.jpg?width=640&height=480 HTTP/1.1\r\n"
    "Host: pictures.example.org:8080\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
    "Accept: image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5\r\n"
    "Accept-Language: en-US,en;q=0.5\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Connection: keep-alive\r\n"
    "Referer: http://pictures.example.org:8080/album/42\r\n"
    "Cookie: session=0123456789abcdef0123456789abcdef; theme=dark\r\n"
    "Cache-Control: no-cache\r\n"
    "If-None-Match: \"5d41402abc4b2a76b9719d911017c592\"\r\n\r\n";

template <class Work>
void measure(const char* name, int rounds, Work work) {
  using Clock = std::chrono::steady_clock;
  double best = 1e9;
  for (int repetition = 0; repetition < 200; ++repetition) {
    const auto start = Clock::now();
    for (int round = 0; round < rounds; ++round) work();
    const std::chrono::duration<double, std::nano> spent = Clock::now() - start;
    best = std::min(best, spent.count() / rounds);
  }
  std::printf("%-28s %6.0f ns\n", name, best);
}

}  // namespace

int main() {
  constexpr int rounds = 5000;
  std::size_t seen = 0;
  RequestParser parser;
  measure("a browser's request", rounds, [&] {
    parser.feed(browser);
    seen += parser.next()->headers.size();
  });
  measure("a minimal request", rounds, [&] {
    parser.feed("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    seen += parser.next()->headers.size();
  });
  measure("a picture's response", rounds, [&] {
    const Response reply = response(200, {{"Content-Type", "image/jpeg"},
                                          {"ETag", "\"5d41402abc4b2a76b9719d911017c592\""},
                                          {"Cache-Control", "public, max-age=60"},
                                          {"X-Cache", "hit"}});
    seen += reply.head().size();
  });
  return seen > 0 ? 0 : 1;
}
