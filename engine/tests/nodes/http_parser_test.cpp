#include <doctest/doctest.h>

#include <string>

#include "flux/nodes/http.hpp"

using namespace flux::nodes;

namespace {

const std::string get = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string chunked = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string post(std::size_t length, std::string_view field = {}) {
  return std::string("POST /%61 HTTP/1.1\r\nHost: h\r\n")
      .append(field)
      .append("Content-Length: " + std::to_string(length) + "\r\n\r\n");
}

}  // namespace

TEST_CASE("a request is whole once its last byte has come") {
  RequestParser parser;
  parser.feed(get.substr(0, get.size() - 1));
  CHECK(parser.next() == nullptr);
  parser.feed("\n");
  REQUIRE(parser.next() != nullptr);
  CHECK(parser.next() == nullptr);
}

TEST_CASE("bytes may be written where the parser has room") {
  RequestParser parser;
  const auto room = parser.prepare(get.size());
  REQUIRE(room.size() >= get.size());
  get.copy(room.data(), get.size());
  parser.commit(get.size());
  CHECK(parser.next()->path == "/a");
}

TEST_CASE("a head stays what it is while a long body comes") {
  const std::string body(100'000, 'b');
  RequestParser parser;
  parser.feed(post(body.size()));
  for (std::size_t at = 0; at < body.size(); at += 1000) {
    REQUIRE(parser.next() == nullptr);
    parser.feed(std::string_view(body).substr(at, 1000));
  }
  const Request* const request = parser.next();
  REQUIRE(request != nullptr);
  CHECK(request->target == "/%61");
  CHECK(request->path == "/a");
  CHECK(request->headers.get("host") == "h");
  CHECK(request->body == body);
}

TEST_CASE("a long request may follow another") {
  const std::string body(100'000, 'b');
  const std::string second = post(body.size()) + body;
  RequestParser parser;
  parser.feed(get + second.substr(0, 50));
  REQUIRE(parser.next() != nullptr);
  for (std::size_t at = 50; at < second.size(); at += 1000) {
    REQUIRE(parser.next() == nullptr);
    parser.feed(std::string_view(second).substr(at, 1000));
  }
  const Request* const request = parser.next();
  REQUIRE(request != nullptr);
  CHECK(request->path == "/a");
  CHECK(request->body == body);
}

TEST_CASE("the rest is what follows the request") {
  RequestParser parser;
  parser.feed(get + "GET /next");
  REQUIRE(parser.next() != nullptr);
  CHECK(parser.rest() == "GET /next");
  CHECK(parser.next() == nullptr);
  parser.feed(" HTTP/1.0\r\n\r\n");
  CHECK(parser.next()->path == "/next");
  CHECK(parser.rest().empty());
}

TEST_CASE("leave to go on is given once") {
  RequestParser parser;
  CHECK(parser.continuation().empty());
  parser.feed(post(2, "Expect: 100-continue\r\n"));
  CHECK(parser.continuation().empty());
  CHECK(parser.next() == nullptr);
  CHECK(parser.continuation() == "HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(parser.continuation().empty());
  parser.feed("hi");
  CHECK(parser.next()->body == "hi");
}

TEST_CASE("leave to go on is not given when the body comes at once, or there is none") {
  for (const std::string& data :
       {post(2, "Expect: 100-continue\r\n") + "h", post(0, "Expect: 100-continue\r\n"),
        std::string("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")}) {
    RequestParser parser;
    parser.feed(data);
    parser.next();
    CHECK(parser.continuation().empty());
  }
}

TEST_CASE("an error stays, whatever comes") {
  for (const std::string& data :
       {std::string("nonsense\r\n"), std::string("GET / HTTP/1.1\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nHost: h\r\n a\r\n"), chunked + "x\r\n", chunked + "1\r\nabc",
        chunked + "0\r\ntrailer\r\n"}) {
    RequestParser parser;
    parser.feed(data);
    CHECK_THROWS_AS(parser.next(), HttpError);
    parser.feed(get);
    CHECK_THROWS_AS(parser.next(), HttpError);
  }
}

TEST_CASE("requests that come one after another need no more memory") {
  RequestParser parser;
  const char* const memory = parser.prepare().data();
  for (int request = 0; request < 1000; ++request) {
    parser.feed(get);
    REQUIRE(parser.next() != nullptr);
    REQUIRE(parser.next() == nullptr);
    REQUIRE(parser.prepare().data() == memory);
  }
}

TEST_CASE("small chunks need memory for their content alone") {
  RequestParser parser;
  parser.feed(chunked);
  for (int chunk = 0; chunk < 10'000; ++chunk) {
    parser.feed("000000000000001\r\na\r\n");
    REQUIRE(parser.next() == nullptr);
  }
  CHECK(parser.prepare().size() < 40'000);
  parser.feed("0\r\n\r\n");
  CHECK(parser.next()->body == std::string(10'000, 'a'));
}

TEST_CASE("memory that a long request needed is given back") {
  const std::string body(100'000, 'b');
  RequestParser parser;
  parser.feed(post(body.size()) + body);
  REQUIRE(parser.next() != nullptr);
  parser.release();
  CHECK(parser.prepare().size() < 10'000);
  parser.feed(get);
  CHECK(parser.next() != nullptr);
}

TEST_CASE("nothing is given back while a request is coming") {
  RequestParser parser;
  parser.feed(get + get.substr(0, 9));
  REQUIRE(parser.next() != nullptr);
  parser.release();
  CHECK(parser.rest() == get.substr(0, 9));
  CHECK(parser.next() == nullptr);
  parser.release();
  parser.feed(get.substr(9));
  CHECK(parser.next() != nullptr);
}

TEST_CASE("what follows a long request is not given back with its memory") {
  const std::string body(100'000, 'b');
  RequestParser parser;
  parser.feed(post(body.size()) + body + get);
  REQUIRE(parser.next() != nullptr);
  parser.release();
  REQUIRE(parser.next() != nullptr);
  CHECK(parser.rest().empty());
}

TEST_CASE("a parser may be moved") {
  RequestParser first;
  first.feed(get.substr(0, 9));
  RequestParser second = std::move(first);
  second.feed(get.substr(9));
  CHECK(second.next()->path == "/a");
}
