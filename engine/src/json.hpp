// JSON, written as it comes: who begins an object or a list ends it.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace flux {

class Json {
 public:
  Json& begin(char opening);  // `{` or `[`
  Json& end(char closing);
  Json& key(std::string_view name);

  Json& value(std::string_view text);
  Json& value(const char* text) { return value(std::string_view{text}); }
  Json& value(std::uint64_t number);
  Json& value(double seconds);
  Json& value(bool truth);
  Json& null();

  template <class Value>
  Json& value(const std::optional<Value>& possible) {
    return possible ? value(*possible) : null();
  }

  template <class Value>
  Json& field(std::string_view name, const Value& its) {
    key(name);
    return value(its);
  }

  std::string take() { return std::move(text_); }

 private:
  void separate();

  std::string text_{};
  bool is_first_ = true;
};

}  // namespace flux
