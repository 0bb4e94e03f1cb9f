#include "profile/answers.hpp"

#include <doctest/doctest.h>

#include <flux/nodes/http_parser.hpp>
#include <string>

#include "measured.hpp"

using flux::profile::Answer;
using flux::profile::Answers;
using flux::tests::Measured;

namespace {

class Asked {
 public:
  explicit Asked(std::string token = "")
      : answers_{measured.profiler(), {measured.program(), options_}, std::move(token)} {}

  // The answer to a request with these header lines.
  Answer answer(const std::string& line, const std::string& headers = "Host: 127.0.0.1\r\n",
                bool is_local = false) {
    flux::nodes::RequestParser parser;
    parser.feed(line + " HTTP/1.1\r\n" + headers + "\r\n");
    return answers_.to(*parser.next(), is_local);
  }

  Measured measured{};

 private:
  flux::Options options_{};
  Answers answers_;
};

bool contains(const Answer& answer, const std::string& text) {
  return answer.body.find(text) != std::string::npos;
}

}  // namespace

TEST_SUITE("answers about a profile") {
  TEST_CASE("each address gives what it says") {
    Asked asked;
    asked.measured.profiler().start();
    asked.measured.run(2);
    CHECK(contains(asked.answer("GET /profile"), R"("format":"flux-profile","version":1)"));
    CHECK(contains(asked.answer("GET /metrics"), "# TYPE flux_profile_on gauge"));
    CHECK(contains(asked.answer("GET /flows"), R"({"flows":[],"more":0,"on":true})"));
    CHECK(contains(asked.answer("GET /paths.txt"), "Serve:[_] -> Work -> Check"));
  }

  TEST_CASE("the profile is turned on and off, and cleared") {
    Asked asked;
    CHECK(contains(asked.answer("POST /start"), R"("on":true)"));
    asked.measured.run(1);
    CHECK(contains(asked.answer("POST /stop"), R"("on":false)"));
    CHECK(asked.measured.count(flux::Outcome::finished) == 1);
    asked.answer("POST /clear");
    CHECK(asked.measured.count(flux::Outcome::finished) == 0);
  }

  TEST_CASE("what isn't there is answered with what is") {
    Asked asked;
    CHECK(asked.answer("GET /nothing").status == 404);
    CHECK(asked.answer("POST /nothing").status == 404);
    CHECK(contains(asked.answer("GET /nothing"), "nothing here but /profile, /metrics"));
    CHECK(asked.answer("DELETE /profile").status == 405);
    CHECK(asked.answer("DELETE /profile").allow == std::string{"GET"});
    CHECK(asked.answer("GET /start").allow == std::string{"POST"});
  }

  TEST_CASE("pages in browsers are refused") {
    Asked asked;
    CHECK(asked.answer("POST /start", "Host: 127.0.0.1\r\nOrigin: http://a.example\r\n").status ==
          403);
    CHECK(asked.answer("GET /profile", "Host: a.example\r\n").status == 403);
    CHECK(asked.answer("GET /profile", "Host: a.example:9100\r\n").status == 403);
    CHECK_FALSE(asked.measured.profiler().is_on());
  }

  TEST_CASE("addresses of this machine are no names") {
    Asked asked;
    for (const char* const host : {"localhost", "localhost:9100", "127.0.0.1:9100", "[::1]:9100"}) {
      CHECK(asked.answer("GET /profile", std::string{"Host: "} + host + "\r\n").status == 200);
    }
  }

  TEST_CASE("over a socket in the file system any host is right") {
    Asked asked;
    CHECK(asked.answer("GET /profile", "Host: image\r\n", true).status == 200);
  }

  TEST_CASE("who doesn't know the token is refused") {
    Asked asked{"secret"};
    const auto status = [&](const std::string& headers) {
      return asked.answer("GET /profile", "Host: server\r\n" + headers).status;
    };
    CHECK(status("") == 401);
    CHECK(status("Authorization: Bearer secre\r\n") == 401);
    CHECK(status("Authorization: Bearer secrets\r\n") == 401);
    CHECK(status("Authorization: Basic secret\r\n") == 401);
    CHECK(status("Authorization: Bearer secret\r\n") == 200);
  }
}
