#include "codings.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "text.hpp"

namespace {

struct Weight {
  std::string coding;
  int thousandths;
};

constexpr std::string_view token_characters =
    "!#$%&'*+.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-";

// `0`, `1`, or one of them with up to three digits that keep it from 0 to 1.
std::optional<int> thousandths(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return {};
  if (text.size() > 1 && text[1] != '.') return {};
  const auto rest = text.substr(std::min<std::size_t>(2, text.size()));
  if (!text::all_digits(rest)) return {};
  int value = text[0] - '0';
  for (std::size_t i = 0; i < 3; ++i) value = value * 10 + (i < rest.size() ? rest[i] - '0' : 0);
  if (value > 1000) return {};
  return value;
}

// What follows a coding's name: nothing, or `; q=…`.
std::optional<int> weight(std::string_view text) {
  text = text::strip(text);
  if (text.empty()) return 1000;
  if (text[0] != ';') return {};
  text = text::strip(text.substr(1));
  if (text.size() < 2 || text::lower(text[0]) != 'q' || text[1] != '=') return {};
  return thousandths(text.substr(2));
}

std::string plain_name(std::string_view coding) {
  const auto name = text::lower(coding);
  if (name == "x-gzip") return "gzip";
  return name == "identity" ? "" : name;
}

// Codings with their weights; what can't be read is not there.
std::vector<Weight> weights(std::span<const std::string_view> accepted) {
  std::vector<Weight> found;
  for (const auto field : accepted) {
    for (const auto part : text::split(field, ',')) {
      const auto element = text::strip(part);
      const auto end = std::min(element.find_first_not_of(token_characters), element.size());
      const auto value = weight(element.substr(end));
      if (end > 0 && value) found.push_back({plain_name(element.substr(0, end)), *value});
    }
  }
  return found;
}

int weight_of(const std::string& coding, const std::vector<Weight>& weights, int otherwise) {
  const auto found = std::find_if(weights.begin(), weights.end(),
                                  [&](const Weight& one) { return one.coding == coding; });
  return found == weights.end() ? otherwise : found->thousandths;
}

}  // namespace

const Form& best_form(std::span<const Form> there, std::span<const std::string_view> accepted) {
  const Form* best = &there.front();
  if (there.size() == 1) return *best;
  const auto known = weights(accepted);
  const int other = weight_of("*", known, 0);
  int most = weight_of("", known, 0);
  for (const auto& form : there.subspan(1)) {
    const int weight = weight_of(form.coding, known, other);
    const bool is_better = best == &there.front() ? weight >= most : weight > most;
    if (weight == 0 || !is_better) continue;
    best = &form;
    most = weight;
  }
  return *best;
}
