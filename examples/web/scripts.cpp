#include "scripts.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <utility>

#include "answers.hpp"
#include "responses.hpp"
#include "text.hpp"

namespace {

constexpr std::size_t at_once = 32 * 1024;  // bytes of a body
// A Proxy would be HTTP_PROXY to a script.
constexpr std::array<std::string_view, 3> not_passed{"proxy", "content-type", "content-length"};
// RFC 9110, 9.2.2
constexpr std::array<std::string_view, 6> repeatable{"GET",   "HEAD", "OPTIONS",
                                                     "TRACE", "PUT",  "DELETE"};

std::string variable(std::string_view field) {
  std::string name = "HTTP_";
  for (const char letter : field) {
    const bool is_small = letter >= 'a' && letter <= 'z';
    name += letter == '-' ? '_' : is_small ? static_cast<char>(letter - 'a' + 'A') : letter;
  }
  return name;
}

// One with `_` in its name could pass for another, and is left out.
void add_fields(Parameters& told, const flux::nodes::Headers& headers) {
  for (const auto& [name, value] : headers) {
    if (name.find('_') != name.npos || text::is_among(text::lower(name), not_passed)) continue;
    const auto key = variable(name);
    const auto found =
        std::find_if(told.begin(), told.end(), [&](auto& pair) { return pair.first == key; });
    if (found == told.end()) {
      told.emplace_back(key, value);
    } else {
      found->second.append(", ").append(value);
    }
  }
}

// What the client is told of a script that can't be run.
int status_of(const ScriptError& error) {
  if (dynamic_cast<const ScriptTooMany*>(&error) != nullptr) return 503;
  return dynamic_cast<const ScriptTooSlow*>(&error) != nullptr ? 504 : 502;
}

// What waits for the rest of a request's body, if some of it is left.
Upload upload_of(const Request& request) {
  if (request.http.unread == 0) return {};
  return [conn = request.conn] {
    std::string data(at_once, '\0');
    data.resize(flux::nodes::read_body(conn, data));
    return data;
  };
}

}  // namespace

Parameters parameters(const Request& request, const Found& page, const Place& place) {
  const auto& asked = request.http;
  const auto& root = request.site->root;
  const auto named = asked.headers.get("Host");
  const auto peer = request.conn.peer();
  const auto length = asked.body.size() + asked.unread;
  Parameters told{
      {"GATEWAY_INTERFACE", "CGI/1.1"},
      {"SERVER_SOFTWARE", "flux"},
      {"SERVER_PROTOCOL", text::join({"HTTP/", asked.version})},
      {"SERVER_NAME", std::string{named ? without_port(*named) : place.host}},
      {"SERVER_ADDR", place.host},
      {"SERVER_PORT", std::to_string(place.port)},
      {"REMOTE_ADDR", peer.host()},
      {"REMOTE_PORT", std::to_string(peer.port())},
      {"REQUEST_METHOD", std::string{asked.method}},
      {"REQUEST_URI", std::string{asked.target}},
      {"QUERY_STRING", std::string{asked.query}},
      {"DOCUMENT_ROOT", root},
      {"SCRIPT_NAME", text::join({"/", page.name})},
      {"SCRIPT_FILENAME", text::join({root, "/", page.name})},
      {"CONTENT_TYPE", std::string{asked.headers.get("Content-Type").value_or("")}},
      {"CONTENT_LENGTH", length == 0 ? "" : std::to_string(length)},
      {"REDIRECT_STATUS", "200"},  // without it PHP runs nothing
  };
  if (!page.path_info.empty()) {
    told.emplace_back("PATH_INFO", page.path_info);
    told.emplace_back("PATH_TRANSLATED", root + page.path_info);
  }
  if (place.is_encrypted) told.emplace_back("HTTPS", "on");
  add_fields(told, asked.headers);
  return told;
}

Reply run(Runner& runner, const Request& request, const Found& page, const Place& place) {
  const auto& asked = request.http;
  const bool may_repeat = text::is_among(asked.method, repeatable);
  try {
    auto script = runner.start(
        page.name, {parameters(request, page, place), asked.body, upload_of(request), may_repeat});
    return reply_of(std::move(script), asked.method == "HEAD");
  } catch (const ScriptError& error) {
    std::fprintf(stderr, "cannot run %s: %s\n", page.name.c_str(), error.what());
    return refusal(status_of(error));
  }
}
