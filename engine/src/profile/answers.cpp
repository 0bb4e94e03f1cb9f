#include "answers.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <string_view>

namespace flux::profile {

namespace {

constexpr const char* json = "application/json";
constexpr const char* prometheus = "text/plain; version=0.0.4; charset=utf-8";
constexpr std::size_t most_flows = 1000;

constexpr const char* directory =
    "GET /profile    the profile as JSON\n"
    "GET /metrics    the same for Prometheus\n"
    "GET /flows      the flows that live, as JSON\n"
    "GET /paths.txt  the paths as text\n"
    "POST /start     turn the profile on\n"
    "POST /stop      turn it off\n"
    "POST /clear     forget what was counted\n";

// `[::1]:9100` -> `::1`, `localhost:9100` -> `localhost`.
std::string host_of(std::string_view field) {
  if (field.starts_with('[')) {
    return std::string{field.substr(1, field.find(']') - 1)};
  }
  return std::string{field.substr(0, field.find(':'))};
}

// A name could have been made to lead here, for the sake of a page in somebody's browser.
bool is_literal(const std::string& host) noexcept {
  in6_addr unread;
  return host == "localhost" || inet_pton(AF_INET, host.c_str(), &unread) == 1 ||
         inet_pton(AF_INET6, host.c_str(), &unread) == 1;
}

// As long whatever the difference is: nobody learns from the time how much of it was right.
bool is_equal(std::string_view given, std::string_view secret) noexcept {
  unsigned difference = given.size() == secret.size() ? 0 : 1;
  for (std::size_t each = 0; each < std::min(given.size(), secret.size()); ++each) {
    difference |= static_cast<unsigned char>(given[each] ^ secret[each]);
  }
  return difference == 0;
}

Answer refused(int status, std::string why) { return {.status = status, .body = why + "\n"}; }

}  // namespace

Answer Answers::to(const nodes::Request& request, bool is_local) {
  if (request.headers.get("Origin")) {
    return refused(403, "no pages of browsers are answered here");
  }
  const auto host = request.headers.get("Host");
  if (token_.empty() && !is_local && !is_literal(host_of(host.value_or("")))) {
    return refused(403, "ask by address, such as 127.0.0.1, not by name");
  }
  if (!is_known(request)) {
    return refused(401, "a token is needed: Authorization: Bearer TOKEN");
  }
  return request.method == "POST" ? done(request) : shown(request);
}

bool Answers::is_known(const nodes::Request& request) const noexcept {
  constexpr std::string_view scheme = "Bearer ";
  const std::string_view given = request.headers.get("Authorization").value_or("");
  return token_.empty() ||
         (given.starts_with(scheme) && is_equal(given.substr(scheme.size()), token_));
}

Answer Answers::shown(const nodes::Request& request) {
  const auto tell = [&](const char* type, auto text_of) {
    return Answer{.type = type, .body = profiler_.read([&](const Ledger& ledger, const Span& span) {
                    return text_of(ledger, span, about_);
                  })};
  };
  const std::string_view path = request.path;
  if (request.method != "GET" && request.method != "HEAD") {
    return {.status = 405, .body = directory, .allow = "GET, HEAD, POST"};
  }
  if (path == "/profile") {
    return tell(json, as_json);
  }
  if (path == "/metrics") {
    return tell(prometheus, as_metrics);
  }
  if (path == "/paths.txt") {
    return tell(Answer{}.type, [](const Ledger& ledger, const Span&, const About& about) {
      return as_paths(ledger, about);
    });
  }
  if (path == "/flows") {
    return {.type = json, .body = as_flows(profiler_.live(most_flows), profiler_.is_on())};
  }
  return {.status = path == "/" ? 200 : 404, .body = directory};
}

Answer Answers::done(const nodes::Request& request) {
  if (request.path == "/start") {
    profiler_.start();
  } else if (request.path == "/stop") {
    profiler_.stop();
  } else if (request.path == "/clear") {
    profiler_.clear();
  } else {
    return {.status = 404, .body = directory};
  }
  return {.type = json, .body = profiler_.read([&](const Ledger& ledger, const Span& span) {
            return as_json(ledger, span, about_);
          })};
}

}  // namespace flux::profile
