#include "scripts.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <span>
#include <utility>

#include "answers.hpp"
#include "text.hpp"

namespace {

using Fields = Reply::Fields;

constexpr std::size_t longest_head = 3072;
constexpr std::size_t at_once = 32 * 1024;  // bytes of a body
// A Proxy would be HTTP_PROXY to a script.
constexpr std::array<std::string_view, 3> not_passed{"proxy", "content-type", "content-length"};
constexpr std::array<std::string_view, 6> ours{"connection", "content-length",    "date",
                                               "keep-alive", "transfer-encoding", "status"};
// RFC 9110, 9.2.2
constexpr std::array<std::string_view, 6> repeatable{"GET",   "HEAD", "OPTIONS",
                                                     "TRACE", "PUT",  "DELETE"};
constexpr std::string_view token_characters =
    "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

bool is_among(const std::string& name, std::span<const std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

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
    if (name.find('_') != name.npos || is_among(text::lower(name), not_passed)) continue;
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

// The place behind the head's last field, and that of the body; none if there is no end.
std::optional<std::pair<std::size_t, std::size_t>> end_of_head(std::string_view output) {
  for (auto at = output.find('\n'); at != output.npos; at = output.find('\n', at + 1)) {
    const auto rest = output.substr(at + 1);
    const std::size_t size = rest.starts_with('\n') ? 1 : rest.starts_with("\r\n") ? 2 : 0;
    if (size == 0) continue;
    const bool has_return = at > 0 && output[at - 1] == '\r';
    return {{has_return ? at - 1 : at, at + 1 + size}};
  }
  return {};
}

bool is_text(char character) {
  return character == '\t' || (character >= ' ' && character != 0x7f) ||
         static_cast<unsigned char>(character) >= 0x80;
}

std::optional<Fields> fields_of(std::string_view head) {
  Fields fields;
  for (auto line : text::split(head, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto end = line.find_first_not_of(token_characters);
    if (end == line.npos || end == 0 || line[end] != ':') return {};
    const auto value = line.substr(end + 1);
    if (!std::all_of(value.begin(), value.end(), is_text)) return {};
    fields.emplace_back(line.substr(0, end), text::strip(value));
  }
  return fields;
}

const std::string* find(const Fields& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](auto& field) { return text::lower(field.first) == name; });
  return found == fields.end() ? nullptr : &found->second;
}

// What `Status` says; 302 if there is only a `Location`; 0 if there is no such status.
int status_of(const Fields& fields) {
  const auto* text = find(fields, "status");
  if (text == nullptr) return find(fields, "location") != nullptr ? 302 : 200;
  const bool is_number = text->size() >= 3 && text::all_digits(text->substr(0, 3)) &&
                         (text->size() == 3 || (*text)[3] == ' ');
  const int status = is_number ? std::stoi(text->substr(0, 3)) : 0;
  return status >= 200 && !flux::nodes::reason_phrase(status).empty() ? status : 0;
}

// What the client is told of a script that can't be run.
int status_of(const ScriptError& error) {
  if (dynamic_cast<const ScriptTooMany*>(&error) != nullptr) return 503;
  return dynamic_cast<const ScriptTooSlow*>(&error) != nullptr ? 504 : 502;
}

// The fields, and what has come behind them; what there is if they have no end within their bound.
std::string read_head(Script& script) {
  std::string text;
  while (text.size() <= longest_head && !end_of_head(text)) {
    const auto more = script.read();
    if (more.empty()) break;
    text += more;
  }
  return text;
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

Reply reply_of(std::shared_ptr<Script> script, bool is_head) {
  auto text = read_head(*script);
  const auto end = end_of_head(text);
  if (!end || end->first > longest_head) return refusal(502);
  auto fields = fields_of(std::string_view{text}.substr(0, end->first));
  const int status = fields ? status_of(*fields) : 0;
  if (status == 0) return refusal(502);
  std::erase_if(*fields, [](auto& field) { return is_among(text::lower(field.first), ours); });
  Reply reply{.status = status, .fields = std::move(*fields)};
  if (status == 204 || status == 304) return reply;
  reply.body.push_back(in_memory(text.erase(0, end->second)));
  if (!script->is_over() || is_head) reply.rest = std::move(script);
  return reply;
}

Reply run(Runner& runner, const Request& request, const Found& page, const Place& place) {
  const auto& asked = request.http;
  const bool may_repeat = is_among(std::string{asked.method}, repeatable);
  try {
    auto script = runner.start(
        page.name, {parameters(request, page, place), asked.body, upload_of(request), may_repeat});
    return reply_of(std::move(script), asked.method == "HEAD");
  } catch (const ScriptError& error) {
    std::fprintf(stderr, "cannot run %s: %s\n", page.name.c_str(), error.what());
    return refusal(status_of(error));
  }
}
