#include "responses.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "answers.hpp"
#include "text.hpp"

namespace {

using Fields = Reply::Fields;

constexpr std::size_t longest_head = 3072;  // bytes of fields
constexpr std::size_t longest_end = 4;      // bytes behind them
constexpr std::array<std::string_view, 6> ours{"connection", "content-length",    "date",
                                               "keep-alive", "transfer-encoding", "status"};
constexpr std::string_view token_characters =
    "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

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

// The fields, and what has come behind them; what there is if they have no end within their bound.
std::string read_head(Script& script) {
  std::string text;
  while (text.size() < longest_head + longest_end && !end_of_head(text)) {
    const auto more = script.read();
    if (more.empty()) break;
    text += more;
  }
  return text;
}

}  // namespace

Reply reply_of(std::shared_ptr<Script> script, bool is_head) {
  auto text = read_head(*script);
  const auto end = end_of_head(text);
  if (!end || end->first > longest_head) return refusal(502);
  auto fields = fields_of(std::string_view{text}.substr(0, end->first));
  const int status = fields ? status_of(*fields) : 0;
  if (status == 0) return refusal(502);
  std::erase_if(*fields,
                [](auto& field) { return text::is_among(text::lower(field.first), ours); });
  Reply reply{.status = status, .fields = std::move(*fields)};
  if (status == 204 || status == 205 || status == 304) return reply;
  text.erase(0, end->second);
  if (text.empty() && !script->is_over() && !is_head) text = script->read();
  reply.body.push_back(in_memory(std::move(text)));
  if (!script->is_over() || is_head) reply.rest = std::move(script);
  return reply;
}
