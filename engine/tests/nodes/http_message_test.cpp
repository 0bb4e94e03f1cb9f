#include <doctest/doctest.h>

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "flux/nodes/http.hpp"

using namespace flux::nodes;
using namespace std::literals;

TEST_CASE("an error tells its status and its reason") {
  const HttpError error(400, "there must be one Host");
  CHECK(error.status() == 400);
  CHECK(error.reason() == "there must be one Host");
  CHECK(error.what() == "400 there must be one Host"sv);
  CHECK(HttpError(404).what() == "404 Not Found"sv);
  CHECK_THROWS_AS(HttpError(999), std::invalid_argument);
}

TEST_CASE("statuses have the words of the standard") {
  CHECK(reason_phrase(100) == "Continue");
  CHECK(reason_phrase(200) == "OK");
  CHECK(reason_phrase(511) == "Network Authentication Required");
  CHECK(reason_phrase(299).empty());
  CHECK(reason_phrase(0).empty());
}

TEST_CASE("fields are found in any case, and keep repetitions") {
  const std::array fields = {Field{"Accept", "a"}, Field{"X", ""}, Field{"ACCEPT", "b"}};
  const Headers headers{fields};
  CHECK(headers.get("accept") == "a");
  CHECK(headers.get("x") == "");
  CHECK_FALSE(headers.get("y"));
  CHECK(headers.all("aCCept") == std::vector{"a"sv, "b"sv});
  CHECK(headers.all("y").empty());
  CHECK(headers.size() == 3);
}

TEST_CASE("a clean path stays below the root") {
  const std::vector<std::pair<std::string_view, std::optional<std::string>>> cases = {
      {"/", ""},
      {"", ""},
      {"/a/b.jpg", "a/b.jpg"},
      {"//a///b/", "a/b"},
      {"/a/./b/../c", "a/c"},
      {"/a/..", ""},
      {"/a/.../b", "a/.../b"},
      {"/..", std::nullopt},
      {"/a/../../b", std::nullopt},
      {"../a", std::nullopt},
      {"/a\\..\\b", std::nullopt},
      {"/a\0"sv, std::nullopt},
  };
  for (const auto& [path, cleaned] : cases) {
    const std::string_view raw = path;
    CAPTURE(raw);
    CHECK(clean_path(raw) == cleaned);
  }
}
