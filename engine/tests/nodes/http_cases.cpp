#include "http_cases.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

namespace http_cases {

using namespace flux::nodes;

namespace {

constexpr std::string_view letters = "rnt\\";
constexpr std::string_view meanings = "\r\n\t\\";
constexpr std::string_view digits = "0123456789abcdef";

// FLUX_ENGINE is the folder of the engine.
std::filesystem::path table() {
  return std::filesystem::path(FLUX_ENGINE) / "../tests/nodes/http_cases.txt";
}

std::string unescape(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\') {
      plain += text[at];
    } else if (text.at(++at) == 'x') {
      plain += static_cast<char>(std::stoi(std::string(text.substr(at + 1, 2)), nullptr, 16));
      at += 2;
    } else {
      plain += meanings.at(letters.find(text[at]));
    }
  }
  return plain;
}

std::string escape(std::string_view plain) {
  std::string text;
  for (const char character : plain) {
    const auto byte = static_cast<unsigned char>(character);
    if (const std::size_t at = meanings.find(character); at != meanings.npos) {
      text.append("\\").append(1, letters[at]);
    } else if (byte < ' ' || byte > '~') {
      text.append("\\x").append(1, digits[byte / 16]).append(1, digits[byte % 16]);
    } else {
      text += character;
    }
  }
  return text;
}

// A text in which a{5} is five times a.
std::string repeated(const std::string& text) {
  const std::size_t open = text.find('{');
  const std::size_t close = text.find('}', std::min(open, text.size()));
  if (open == text.npos || open == 0 || close == text.npos) return text;
  const std::string times = text.substr(open + 1, close - open - 1);
  if (times.empty() || times.find_first_not_of("0123456789") != times.npos) return text;
  return text.substr(0, open - 1) + std::string(std::stoul(times), text[open - 1]) +
         text.substr(close + 1);
}

Limits read_limits(const std::string& text) {
  Limits limits;
  std::istringstream pairs(text);
  for (std::string pair; pairs >> pair;) {
    const std::size_t sign = pair.find('=');
    const std::string name = pair.substr(0, sign);
    const auto value = static_cast<std::uint32_t>(std::stoul(pair.substr(sign + 1)));
    if (name == "target") limits.target = value;
    if (name == "headers") limits.headers = value;
    if (name == "header_count") limits.header_count = value;
    if (name == "body") limits.body = value;
    if (name == "streamed") limits.streamed = value;
  }
  return limits;
}

void read_line(const std::string& line, std::vector<Case>& cases) {
  if (line.empty() || line[0] == '#') return;
  if (line[0] == '[') {
    cases.push_back(
        {.name = line.substr(1, line.rfind(']') - 1), .limits = {}, .data = {}, .expected = {}});
    return;
  }
  const std::size_t space = line.find(' ');
  const std::string rest = line.substr(space + 1);
  Case& last = cases.at(cases.size() - 1);
  if (line[0] == 'l') last.limits = read_limits(rest);
  if (line[0] == '<') last.expected.push_back(repeated(rest));
  if (line[0] != '>') return;
  const int times = space > 1 ? std::stoi(line.substr(1, space - 1)) : 1;
  for (int time = 0; time < times; ++time) last.data += unescape(rest);
}

void describe_fields(const Headers& headers, std::vector<std::string>& texts) {
  std::set<std::string> seen;
  for (const Field& field : headers) {
    std::string name(field.name);
    for (char& letter : name) letter = static_cast<char>(std::tolower(letter));
    if (!seen.insert(name).second) continue;
    std::string joined;
    for (const std::string_view value : headers.all(name)) {
      joined.append(", ").append(value);
    }
    texts.push_back("  " + name + ": " + escape(joined.substr(2)));
  }
}

void describe(const Request& request, std::vector<std::string>& texts) {
  texts.push_back(std::string(request.method) + " " + escape(request.target) + " " +
                  std::string(request.version) + (request.keep_alive ? " stays" : " closes"));
  if (request.path != request.target) texts.push_back("  path " + escape(request.path));
  if (!request.query.empty()) texts.push_back("  query " + escape(request.query));
  describe_fields(request.headers, texts);
  if (!request.body.empty()) texts.push_back("  body " + escape(request.body));
  if (request.unread > 0) {
    texts.push_back("  unread " + std::to_string(request.unread) +
                    (request.awaits_leave ? " awaits leave" : ""));
  }
}

}  // namespace

std::vector<Case> read_cases() {
  std::ifstream file(table());
  if (!file) throw std::runtime_error("cannot read " + table().string());
  std::vector<Case> cases;
  for (std::string line; std::getline(file, line);) read_line(line, cases);
  return cases;
}

std::vector<std::string> outcome(const Limits& limits, std::span<const std::string_view> pieces) {
  RequestParser parser(limits);
  std::vector<std::string> texts;
  try {
    for (const std::string_view piece : pieces) {
      parser.feed(piece);
      while (const Request* request = parser.next()) describe(*request, texts);
    }
  } catch (const HttpError& error) {
    texts.emplace_back(error.what());
  }
  return texts;
}

bool conforms(const std::string& text, const std::string& expected) {
  const bool is_status =
      expected.size() == 3 && expected.find_first_not_of("0123456789") == std::string::npos;
  return is_status ? text.starts_with(expected + " ") : text == expected;
}

}  // namespace http_cases
