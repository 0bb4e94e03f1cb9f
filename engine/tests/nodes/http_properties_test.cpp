#include "http_properties.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "http_cases.hpp"

TEST_CASE("the properties hold for each case") {
  for (const http_cases::Case& one : http_cases::read_cases()) {
    CAPTURE(one.name);
    CHECK_NOTHROW(http_properties::check(std::string(2, '\0') + one.data));
    CHECK_NOTHROW(http_properties::check(std::string(2, '\1') + one.data));
  }
}

TEST_CASE("the properties hold for what the fuzzer has found") {
  const auto corpus = std::filesystem::path(FLUX_ENGINE) / "fuzz/http_corpus";
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(corpus)) {
    CAPTURE(entry.path());
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string input{std::istreambuf_iterator<char>(file), {}};
    CHECK_NOTHROW(http_properties::check(input));
    ++count;
  }
  CHECK(count > 0);
}
