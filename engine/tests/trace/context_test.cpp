#include "trace/context.hpp"

#include <doctest/doctest.h>

#include <string>

using flux::trace::Context;

namespace {

const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
const std::string span = "00f067aa0ba902b7";

}  // namespace

TEST_SUITE("trace contexts") {
  TEST_CASE("a context is read, and written as it was") {
    const std::string text = "00-" + trace + "-" + span + "-01";
    const auto context = Context::parse(text);
    REQUIRE(context);
    CHECK(context->span == 0x00f067aa0ba902b7);
    CHECK(context->is_sampled);
    CHECK(context->text() == text);
  }

  TEST_CASE("only the lowest flag says that it is sampled") {
    CHECK_FALSE(Context::parse("00-" + trace + "-" + span + "-02")->is_sampled);
    CHECK(Context::parse("00-" + trace + "-" + span + "-ff")->is_sampled);
  }

  TEST_CASE("versions to come may say more") {
    CHECK(Context::parse("01-" + trace + "-" + span + "-01"));
    CHECK(Context::parse("cc-" + trace + "-" + span + "-01-what-the-future-brings"));
    CHECK_FALSE(Context::parse("cc-" + trace + "-" + span + "-01.what"));
  }

  TEST_CASE("what is no context is none") {
    const std::string zeros(32, '0');
    const std::string wrong[] = {
        "",
        "00",
        "00-" + trace + "-" + span,
        "00-" + trace + "-" + span + "-1",
        "00-" + trace + "-" + span + "-01-",
        "00-" + trace + "-" + span + "-0x",
        "ff-" + trace + "-" + span + "-01",
        "0g-" + trace + "-" + span + "-01",
        "00-" + zeros + "-" + span + "-01",
        "00-" + trace + "-" + zeros.substr(16) + "-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + span + "-01",
        "00_" + trace + "_" + span + "_01",
        std::string(55, '\0'),
    };
    for (const std::string& each : wrong) {
      CAPTURE(each);
      CHECK_FALSE(Context::parse(each));
    }
  }

  TEST_CASE("new ones differ, are sampled, and are read as they were") {
    const Context first = Context::random();
    const Context second = Context::random();
    CHECK(first != second);
    CHECK(first.is_sampled);
    CHECK(Context::parse(first.text()) == first);
    CHECK(Context::parse(first.of_step(1'000).text())->trace == first.trace);
  }
}
