#include <doctest/doctest.h>

#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "flux/nodes/http.hpp"
#include "nodes/http_date.hpp"

using namespace flux::nodes;
using namespace std::literals;

namespace {

std::string text(const Response& response) {
  std::string whole;
  for (const Bytes& part : response.parts()) {
    whole.append(static_cast<const char*>(part.data()), part.size());
  }
  return whole;
}

// A response without its date.
std::string undated(const Response& response) {
  std::string whole = text(response);
  const std::size_t start = whole.find("Date: ");
  REQUIRE(start != whole.npos);
  return whole.erase(start, whole.find("\r\n", start) + 2 - start);
}

}  // namespace

TEST_CASE("a response has its line, its fields and its body") {
  CHECK(undated(response(200, {{"Content-Type", "text/plain"}}, "hello"sv)) ==
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
        "Connection: keep-alive\r\n\r\nhello");
}

TEST_CASE("fields may be gathered before") {
  std::vector<Field> fields = {{"A", "b"}};
  fields.push_back({"C", "d"});
  CHECK(undated(response(404, fields)) ==
        "HTTP/1.1 404 Not Found\r\nA: b\r\nC: d\r\nContent-Length: 0\r\n"
        "Connection: keep-alive\r\n\r\n");
}

TEST_CASE("a body may be anything that holds bytes") {
  const std::vector<unsigned char> picture = {0xff, 0xd8};
  const Response reply = response(200, {}, picture);
  CHECK(reply.body().data() == picture.data());
  CHECK(text(reply).ends_with("\r\n\r\n\xff\xd8"));
}

TEST_CASE("a date has the form of HTTP") {
  CHECK(http::date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(http::date(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
  CHECK(http::date(951782400) == "Tue, 29 Feb 2000 00:00:00 GMT");
  CHECK(http::date(951782400) == "Tue, 29 Feb 2000 00:00:00 GMT");
}

TEST_CASE("the last response says so") {
  CHECK(undated(response(404, {}, {}, {.keep_alive = false})) ==
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

TEST_CASE("the answer to HEAD counts the body and does not send it") {
  CHECK(undated(response(200, {}, "hello"sv, {.head = true})) ==
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\n");
}

TEST_CASE("a body that is sent later counts already") {
  CHECK(undated(response(206, {}, {}, {.length = 5'000'000'000})) ==
        "HTTP/1.1 206 Partial Content\r\nContent-Length: 5000000000\r\n"
        "Connection: keep-alive\r\n\r\n");
}

TEST_CASE("a body of unknown length comes in chunks or until the end") {
  CHECK(undated(response(200, {}, {}, {.framing = Framing::chunks})) ==
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n");
  CHECK(undated(response(200, {}, {}, {.keep_alive = false, .framing = Framing::end})) ==
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
  CHECK(undated(response(204, {}, {}, {.framing = Framing::chunks})) ==
        "HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n");
}

TEST_CASE("a connection that ends a body is not kept") {
  CHECK_THROWS_AS(response(200, {}, {}, {.framing = Framing::end}), std::invalid_argument);
}

TEST_CASE("some statuses never have a body") {
  for (const int status : {100, 204, 304}) {
    const std::string whole = text(response(status, {}, "hello"sv));
    CHECK(whole.find("Content-Length") == whole.npos);
    CHECK(whole.ends_with("\r\n\r\n"));
  }
}

TEST_CASE("an unknown status is refused") {
  CHECK_THROWS_AS(response(999), std::invalid_argument);
  CHECK_THROWS_AS(response(-1), std::invalid_argument);
}

TEST_CASE("a field that could break the response is refused") {
  const std::vector<Field> fields = {
      {"X", "a\r\nSet-Cookie: b"},
      {"X", "a\nb"},
      {"X", "a\rb"},
      {"X", "a\0b"sv},
      {"X", "a\x7f"},
      {"X\r\nY", "a"},
      {"X Y", "a"},
      {"X:", "a"},
      {"", "a"},
      {"X\n", "a"},
      {"X", "a\n"},
      {"Content-Length", "5"},
      {"date", "now"},
      {"CONNECTION", "close"},
      {"transfer-encoding", "chunked"},
      {"X", "12345678\n"},
      {"X", "\n12345678"},
      {"X", "123456\n12345678"},
  };
  for (const Field& field : fields) {
    CAPTURE(field.name);
    CHECK_THROWS_AS(response(200, std::span(&field, 1)), std::invalid_argument);
  }
}

TEST_CASE("a head that is too long is refused") {
  const std::string value(Response::max_head - 1000, 'v');
  CHECK(text(response(200, {{"X", value}})).find(value) != std::string::npos);
  CHECK_THROWS_AS(response(200, {{"X", value}, {"Y", value}}), std::length_error);
}
