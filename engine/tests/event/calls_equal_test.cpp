#include "calls_equal.hpp"

#include <array>
#include <csignal>

#include "calls_support.hpp"

namespace flux::tests {

namespace {

std::array<std::span<const EqualCase>, 4> equal_cases() {
  return {equal_socket_cases(), equal_file_cases(), equal_polling_cases(), equal_other_cases()};
}

}  // namespace

TEST_CASE("a call tells a fiber what it tells a plain thread") {
  std::signal(SIGPIPE, SIG_IGN);
  for (const auto cases : equal_cases()) {
    for (const EqualCase& each : cases) {
      SUBCASE(each.name) {
        Told thread;
        Told fiber;
        on_thread([&] { thread = each.run(); });
        on_fiber([&] { fiber = each.run(); });
        CHECK(thread.result == fiber.result);
        CHECK(thread.error == fiber.error);
        CHECK(thread.bytes == fiber.bytes);
      }
    }
  }
}

}  // namespace flux::tests
