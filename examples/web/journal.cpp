#include "journal.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <fstream>
#include <system_error>
#include <utility>

#include "text.hpp"

namespace journal {
namespace {

constexpr std::size_t most = 100'000;  // entries that wait to be written: the others are dropped

std::string time_text(const Entry& entry, const char* form) {
  const auto moment = std::chrono::system_clock::to_time_t(entry.moment);
  std::tm parts{};
  gmtime_r(&moment, &parts);
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), form, &parts)};
}

void append_hex(std::string& text, const char* prefix, char character) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(character);
  text.append(prefix).append({digits[byte / 16U], digits[byte % 16U]});
}

bool is_plain(char character) {
  return character >= ' ' && character <= '~' && character != '"' && character != '\\';
}

// A text that can't leave its quotes or its line.
std::string escaped(std::string_view plain) {
  std::string text;
  for (const char character : plain) {
    if (is_plain(character)) {
      text += character;
    } else {
      append_hex(text, "\\x", character);
    }
  }
  return text;
}

std::string quoted_json(std::string_view plain) {
  std::string text = "\"";
  for (const char character : plain) {
    if (is_plain(character)) {
      text += character;
    } else if (character == '"' || character == '\\') {
      text.append({'\\', character});
    } else if (character == '\t') {
      text += "\\t";
    } else {
      append_hex(text, "\\u00", character);
    }
  }
  return text + '"';
}

std::string or_dash(std::string text) { return text.empty() ? "-" : std::move(text); }

std::string first(const Request& request, std::string_view name) {
  return std::string{request.http.headers.get(name).value_or("")};
}

}  // namespace

Entry entry_of(const Request& request, const Reply& reply) {
  const auto now = std::chrono::system_clock::now();
  const auto took = std::max(now - request.moment, now - now);
  return {.peer = request.conn.peer().host(),
          .moment = request.moment,
          .duration = std::chrono::duration_cast<std::chrono::microseconds>(took),
          .method = std::string{request.http.method},
          .target = std::string{request.http.target},
          .version = std::string{request.http.version},
          .status = reply.status,
          .sent = reply.sent,
          .referrer = first(request, "Referer"),
          .agent = first(request, "User-Agent")};
}

std::string common(const Entry& entry) {
  const auto line = text::join({entry.method, " ", entry.target, " HTTP/", entry.version});
  return text::join({entry.peer, " - - [", time_text(entry, "%d/%b/%Y:%H:%M:%S +0000"), "] \"",
                     entry.method.empty() ? "-" : escaped(line), "\" ",
                     std::to_string(entry.status), " ",
                     entry.sent == 0 ? "-" : std::to_string(entry.sent)});
}

std::string combined(const Entry& entry) {
  return text::join({common(entry), " \"", or_dash(escaped(entry.referrer)), "\" \"",
                     or_dash(escaped(entry.agent)), "\""});
}

std::string json(const Entry& entry) {
  return text::join({"{\"time\":\"",
                     time_text(entry, "%Y-%m-%dT%H:%M:%SZ"),
                     "\",\"microseconds\":",
                     std::to_string(entry.duration.count()),
                     ",\"peer\":",
                     quoted_json(entry.peer),
                     ",\"method\":",
                     quoted_json(entry.method),
                     ",\"target\":",
                     quoted_json(entry.target),
                     ",\"version\":",
                     quoted_json(entry.version),
                     ",\"status\":",
                     std::to_string(entry.status),
                     ",\"sent\":",
                     std::to_string(entry.sent),
                     ",\"referer\":",
                     quoted_json(entry.referrer),
                     ",\"agent\":",
                     quoted_json(entry.agent),
                     "}"});
}

Form form_of(std::string_view name) {
  if (name == "common") return common;
  if (name == "combined") return combined;
  return name == "json" ? json : nullptr;
}

void Journal::add(const Request& request, const Reply& reply) {
  if (!path.empty() && waiting_.size() < most) waiting_.push_back(entry_of(request, reply));
}

std::vector<Entry> Journal::take() { return std::exchange(waiting_, {}); }

void Journal::write(const std::vector<Entry>& entries) const {
  if (path.empty() || entries.empty()) return;
  std::string text;
  for (const auto& entry : entries) text.append(form(entry)).append("\n");
  std::ofstream file{path, std::ios::app};
  file << text << std::flush;
  if (!file) throw std::system_error{errno, std::generic_category(), path};
}

}  // namespace journal
