#include "conditions.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "dates.hpp"
#include "text.hpp"

namespace {

using flux::nodes::Headers;

// What was modified just now may be modified again at the same second.
constexpr std::time_t strong_after = 1;

std::optional<std::time_t> date(const Headers& headers, std::string_view name) {
  const auto values = headers.all(name);
  return values.size() == 1 ? read_date(values.front()) : std::nullopt;
}

// All elements of a list, perhaps in several fields; tags here have no commas.
std::vector<std::string_view> listed(std::string_view name, const Headers& headers) {
  std::vector<std::string_view> elements;
  for (const auto field : headers.all(name)) {
    for (const auto element : text::split(field, ',')) elements.push_back(text::strip(element));
  }
  return elements;
}

}  // namespace

int Validators::failed(const Headers& headers) const {
  if (headers.get("If-Match")) {
    if (!is_among("If-Match", headers, false)) return 412;
  } else if (const auto since = date(headers, "If-Unmodified-Since"); since && *since < modified) {
    return 412;
  }
  if (headers.get("If-None-Match")) return is_among("If-None-Match", headers, true) ? 304 : 0;
  const auto since = date(headers, "If-Modified-Since");
  return since && modified <= *since ? 304 : 0;
}

bool Validators::allow_range(const Headers& headers) const {
  const auto wanted = headers.all("If-Range");
  if (wanted.empty() || (wanted.size() == 1 && wanted.front() == tag)) return true;
  return modified + strong_after < now && date(headers, "If-Range") == modified;
}

// Whether a field names the tag, or any.
bool Validators::is_among(std::string_view name, const Headers& headers, bool weak) const {
  const auto named = listed(name, headers);
  const auto is_same = [&](std::string_view one) {
    if (weak && one.starts_with("W/")) one.remove_prefix(2);
    return one == tag;
  };
  const bool any = std::all_of(named.begin(), named.end(), [](auto one) { return one == "*"; });
  return any || std::any_of(named.begin(), named.end(), is_same);
}
