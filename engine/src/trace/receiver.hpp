// Where traces go: a receiver of OTLP over HTTP, and what its requests and our resource say
// besides.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flux::trace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Receiver {
  std::string host{};
  int port = 80;
  std::string authority{};  // as the URL has them, for the header `Host`
  std::string path{};
  Pairs headers{};

  // `http://127.0.0.1:4318`. Throws std::invalid_argument, which says what it should look like.
  static Receiver parse(const std::string& url);

  std::string url() const { return "http://" + authority + path; }
};

// `key=value,key=value`, percent-encoded as OpenTelemetry has it in the environment. Throws
// std::invalid_argument for what is none, or can't stand in a header.
Pairs pairs_of(std::string_view text);

}  // namespace flux::trace
