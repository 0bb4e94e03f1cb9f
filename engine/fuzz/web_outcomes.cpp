#include "web_outcomes.hpp"

#include <algorithm>
#include <array>
#include <flux/nodes/http_message.hpp>
#include <flux/nodes/http_parser.hpp>
#include <flux/nodes/http_response.hpp>
#include <memory>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

#include "codings.hpp"
#include "conditions.hpp"
#include "dates.hpp"
#include "fastcgi.hpp"
#include "mime.hpp"
#include "pages.hpp"
#include "ranges.hpp"
#include "responses.hpp"
#include "runner.hpp"
#include "sites.hpp"
#include "text.hpp"

namespace web_outcomes {

using flux::nodes::Field;
using flux::nodes::Headers;

namespace {

constexpr std::int64_t size_of_page = 1000;
constexpr std::time_t modified = 784'111'777;
constexpr std::time_t last = 253'402'300'799;  // what can be written ends with the year 9999
const Types types{
    {"css", "text/css"}, {"jpg", "image/jpeg"}, {"mkv", "video/x-matroska"}, {"txt", "text/plain"}};

std::string date(std::string_view text) {
  const auto moment = read_date(text);
  if (!moment) return "none";
  return text::join({std::to_string(*moment), " ", write_date(std::min(*moment, last))});
}

std::string ranges(std::string_view fields) {
  const auto found = read_ranges(text::split(fields, '\n'), size_of_page);
  std::string told = found ? "" : "whole";
  for (const auto& [start, size] : found.value_or(std::vector<Range>{})) {
    told += text::join({std::to_string(start), "+", std::to_string(size), " "});
  }
  return told;
}

std::string coding(std::string_view fields) {
  const std::array<Form, 3> there{Form{"", {}, {}}, Form{"br", {}, {}}, Form{"gzip", {}, {}}};
  return best_form(there, text::split(fields, '\n')).coding;
}

std::string conditions(std::string_view lines) {
  std::vector<Field> fields;
  for (const auto line : text::split(lines, '\n')) {
    const auto colon = std::min(line.find(':'), line.size());
    fields.push_back({line.substr(0, colon), text::strip(line.substr(colon).substr(
                                                 std::min<std::size_t>(line.size() - colon, 1)))});
  }
  const Validators page{"\"tag\"", modified, modified + 10};
  const Headers headers{fields};
  return text::join({std::to_string(page.failed(headers)), page.allow_range(headers) ? "+" : "-"});
}

std::string type(std::string_view name) { return type_of(name, types); }

std::string key(std::string_view path) { return key_of(path).value_or("none"); }

// What a FastCGI server says, fed in pieces of that many bytes.
std::string fed(std::string_view stream, std::size_t size) {
  fastcgi::Output output;
  std::string told;
  try {
    for (; !stream.empty(); stream.remove_prefix(std::min(size, stream.size()))) {
      output.feed(stream.substr(0, size));
      told += output.take();
    }
  } catch (const fastcgi::Error& error) {
    told += output.take() + error.what();
  }
  const auto* end = output.is_clean() ? "=" : output.is_over() ? "+" : "-";
  return told + end + output.complaints();
}

std::string script(std::string_view stream) {
  const auto told = fed(stream, std::max<std::size_t>(stream.size(), 1));
  if (fed(stream, 1) != told) throw std::logic_error("pieces matter");
  return told;
}

// The host of a request without a body, of which the end of its head is left out.
std::string host(std::string_view head) {
  flux::nodes::RequestParser parser;
  try {
    parser.feed(text::join({head, "\r\n\r\n"}));
    const auto* request = parser.next();
    return request == nullptr ? "none" : host_of(*request);
  } catch (const flux::nodes::HttpError&) {
    return "refused";
  }
}

// A script that says these bytes, in pieces of a size.
class Said : public Script {
 public:
  Said(std::string_view text, std::size_t size) : text_{text}, size_{size} {}

  std::string read() override {
    const std::string piece{text_.substr(0, size_)};
    text_.remove_prefix(piece.size());
    return piece;
  }

  [[nodiscard]] bool is_over() const override { return text_.empty(); }
  void close() override { text_ = {}; }

 private:
  std::string_view text_;
  std::size_t size_;
};

// What there is of a reply's body, and what its script says thereafter.
std::string body_of(const Reply& reply) {
  std::string body;
  for (const auto& piece : reply.body) body += *std::get<0>(piece.content);
  while (reply.rest && !reply.rest->is_over()) body += reply.rest->read();
  return body;
}

// The reply that a script's output becomes, which can be sent.
std::string answered(std::string_view output, std::size_t size) {
  const auto reply = reply_of(std::make_shared<Said>(output, size), false);
  auto told = std::to_string(reply.status);
  std::vector<Field> fields;
  for (const auto& [name, value] : reply.fields) {
    fields.push_back({name, value});
    told += text::join({"\n", name, ": ", value});
  }
  flux::nodes::response(reply.status, fields);
  return text::join({told, "\n\n", body_of(reply)});
}

std::string output(std::string_view said) {
  const auto told = answered(said, std::max<std::size_t>(said.size(), 1));
  if (answered(said, 1) != told) throw std::logic_error("pieces matter");
  return told;
}

struct Parser {
  char mark;
  std::string (*read)(std::string_view text);
};

constexpr std::array<Parser, 9> parsers{{{'d', date},
                                         {'r', ranges},
                                         {'c', coding},
                                         {'v', conditions},
                                         {'n', type},
                                         {'k', key},
                                         {'f', script},
                                         {'h', host},
                                         {'s', output}}};

}  // namespace

std::string outcome(std::string_view input) {
  for (const auto& [mark, read] : parsers) {
    if (input.starts_with(mark)) return read(input.substr(1));
  }
  return {};
}

}  // namespace web_outcomes
