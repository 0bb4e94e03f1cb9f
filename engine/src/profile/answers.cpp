#include "answers.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace flux::profile {

namespace {

constexpr const char* json = "application/json";
constexpr const char* prometheus = "text/plain; version=0.0.4; charset=utf-8";
constexpr const char* plain = "text/plain; charset=utf-8";
constexpr std::size_t most_flows = 1000;

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

// Where something is told, or done.
struct Answers::Address {
  const char* path;
  const char* method;
  const char* type;
  std::string (Answers::*text)();
};

constexpr std::array<Answers::Address, 7> Answers::addresses{{
    {"/profile", "GET", json, &Answers::profile},
    {"/metrics", "GET", prometheus, &Answers::metrics},
    {"/flows", "GET", json, &Answers::flows},
    {"/paths.txt", "GET", plain, &Answers::paths},
    {"/start", "POST", json, &Answers::start},
    {"/stop", "POST", json, &Answers::stop},
    {"/clear", "POST", json, &Answers::clear},
}};

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
  return answer(request);
}

bool Answers::is_known(const nodes::Request& request) const noexcept {
  constexpr std::string_view scheme = "Bearer ";
  const std::string_view given = request.headers.get("Authorization").value_or("");
  return token_.empty() ||
         (given.starts_with(scheme) && is_equal(given.substr(scheme.size()), token_));
}

Answer Answers::answer(const nodes::Request& request) {
  std::string all;
  for (const Address& each : addresses) {
    if (each.path == request.path) {
      return each.method == request.method
                 ? Answer{.type = each.type, .body = (this->*each.text)()}
                 : Answer{.status = 405,
                          .body = std::string{each.path} + " is for " + each.method + "\n",
                          .allow = each.method};
    }
    all += (all.empty() ? "" : ", ") + std::string{each.path};
  }
  return refused(404, "there is nothing here but " + all);
}

template <class TextOf>
std::string Answers::told(TextOf text_of) {
  return profiler_.read(
      [&](const Ledger& ledger, const Span& span) { return text_of(ledger, span, about_); });
}

std::string Answers::profile() { return told(as_json); }

std::string Answers::metrics() { return told(as_metrics); }

std::string Answers::paths() {
  return told([](const Ledger& ledger, const Span&, const About& about) {
    return as_paths(ledger, about);
  });
}

std::string Answers::flows() { return as_flows(profiler_.live(most_flows), profiler_.is_on()); }

std::string Answers::start() {
  profiler_.start();
  return profile();
}

std::string Answers::stop() {
  profiler_.stop();
  return profile();
}

std::string Answers::clear() {
  profiler_.clear();
  return profile();
}

}  // namespace flux::profile
