#include "picture.hpp"

#include <charconv>
#include <functional>
#include <utility>
#include <vector>

#include "text.hpp"

namespace {

constexpr std::string_view extension = ".jpg";

std::string known_to(const flux::nodes::Request& request) {
  std::string known;
  for (const auto field : request.headers.all("If-None-Match")) {
    known.append(known.empty() ? "" : ",").append(field);
  }
  return known;
}

std::string name_of(const std::shared_ptr<Request>& request, std::string_view path) {
  auto name = flux::nodes::clean_path(path);
  if (!name || !name->ends_with(extension)) {
    throw Refused{request, 404, "pictures have names like /landscape.jpg"};
  }
  name->resize(name->size() - extension.size());
  return std::move(*name);
}

// A part of a query, its escapes replaced by what they stand for.
std::string decoded(std::string_view part) {
  std::string plain;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const auto digits = part.substr(i + 1, 2);
    unsigned char byte = 0;
    const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16).ptr;
    if (part[i] == '%' && end == digits.data() + 2) {
      plain += static_cast<char>(byte);
      i += 2;
    } else {
      plain += part[i] == '+' ? ' ' : part[i];
    }
  }
  return plain;
}

// All values that a query gives to a parameter.
std::vector<std::string> given(std::string_view query, std::string_view name) {
  std::vector<std::string> values;
  for (const auto pair : text::split(query, '&')) {
    const auto end = std::min(pair.find('='), pair.size());
    if (pair.empty() || decoded(pair.substr(0, end)) != name) continue;
    values.push_back(decoded(pair.substr(std::min(end + 1, pair.size()))));
  }
  return values;
}

// A number of at most five digits and nothing else, or 0.
std::size_t to_number(std::string_view digits) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), number);
  return digits.size() <= 5 && error == std::errc{} && end == digits.end() ? number : 0;
}

// Reads the parameters of one request.
class Parameters {
 public:
  Parameters(const std::shared_ptr<Request>& request, std::string_view query)
      : request_{request}, query_{query} {}

  // A parameter from 1 to a bound, or else what it is when it isn't given.
  [[nodiscard]] std::size_t number(std::string_view name, std::size_t most,
                                   std::size_t otherwise) const {
    const auto values = given(query_, name);
    if (values.empty()) return otherwise;
    const auto number = values.size() == 1 ? to_number(values.front()) : 0;
    if (number >= 1 && number <= most) return number;
    const auto bound = std::to_string(most);
    throw Refused{request_, 400, std::string{name} + " is a number from 1 to " + bound};
  }

 private:
  const std::shared_ptr<Request>& request_;
  std::string_view query_;
};

jpeg::Shape shape_of(const std::shared_ptr<Request>& request, std::string_view query) {
  const Parameters parameters{request, query};
  return {parameters.number("width", ppm::max_side, 0),
          parameters.number("height", ppm::max_side, 0),
          static_cast<int>(parameters.number("quality", jpeg::max_quality, jpeg::default_quality))};
}

}  // namespace

Picture asked_for(const flux::nodes::Request& request) {
  const auto asked = std::make_shared<Request>();
  asked->target = request.target;
  asked->known = known_to(request);
  asked->head = request.method == "HEAD";
  asked->keep_alive = request.keep_alive;
  if (request.method != "GET" && !asked->head) {
    throw Refused{asked, 405, "pictures are for GET and HEAD"};
  }
  asked->key.name = name_of(asked, request.path);
  asked->key.shape = shape_of(asked, request.query);
  return {asked, {}, {}, false};
}

std::size_t std::hash<Key>::operator()(const Key& key) const noexcept {
  const auto& [width, height, quality] = key.shape;
  const auto number = (width << 32U) + (height << 8U) + static_cast<std::size_t>(quality);
  return std::hash<std::string>{}(key.name) ^ (number * 0x9e37'79b9'7f4a'7c15);
}
