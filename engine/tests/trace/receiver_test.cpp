#include "trace/receiver.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using flux::trace::Pairs;
using flux::trace::pairs_of;
using flux::trace::Receiver;

TEST_SUITE("receivers of traces") {
  TEST_CASE("a URL says where it listens, and spans go to its place for traces") {
    const Receiver receiver = Receiver::parse("http://127.0.0.1:4318");
    CHECK(receiver.host == "127.0.0.1");
    CHECK(receiver.port == 4318);
    CHECK(receiver.authority == "127.0.0.1:4318");
    CHECK(receiver.path == "/v1/traces");
    CHECK(receiver.url() == "http://127.0.0.1:4318/v1/traces");
  }

  TEST_CASE("a URL may have a path, a host of IPv6, and no port") {
    CHECK(Receiver::parse("http://tempo/otlp/").path == "/otlp/v1/traces");
    CHECK(Receiver::parse("http://tempo/otlp/v1/traces").path == "/otlp/v1/traces");
    CHECK(Receiver::parse("http://tempo").port == 80);
    CHECK(Receiver::parse("http://[::1]:4318").host == "::1");
    CHECK(Receiver::parse("http://[::1]").port == 80);
  }

  TEST_CASE("what is no URL of a receiver is refused") {
    for (const char* const wrong :
         {"", "http://", "http:///v1", "127.0.0.1:4318", "ftp://a", "http://a:", "http://a:0",
          "http://a:65536", "http://a:1x", "http://a:-1", "http://[::1", "http://[::1]4318",
          "http://[]:4318", "http://me@a", "http://a/b?c", "http://a#b", "http://a b",
          "http://a\r\nX: y"}) {
      CAPTURE(wrong);
      CHECK_THROWS_AS(static_cast<void>(Receiver::parse(wrong)), std::invalid_argument);
    }
  }

  TEST_CASE("who asks for https is told what to do") {
    CHECK_THROWS_WITH(static_cast<void>(Receiver::parse("https://a")),
                      "must begin with `http://`; for https put an OpenTelemetry collector beside "
                      "the server");
  }

  TEST_CASE("pairs are percent-decoded, and spaces around them are nobody's") {
    CHECK(pairs_of("") == Pairs{});
    CHECK(pairs_of(" a = b ,, c=d%20e%2Cf=g ,") == Pairs{{"a", "b"}, {"c", "d e,f=g"}});
    CHECK(pairs_of("a=100%,b=%zz,c=%4") == Pairs{{"a", "100%"}, {"b", "%zz"}, {"c", "%4"}});
  }

  TEST_CASE("pairs that could break out of a header are refused") {
    for (const char* const wrong : {"a", "=b", "a b=c", "a=b%0d%0ac", "a=%00"}) {
      CAPTURE(wrong);
      CHECK_THROWS_AS(static_cast<void>(pairs_of(wrong)), std::invalid_argument);
    }
  }
}
