#include "http_framing.hpp"

#include <algorithm>
#include <charconv>

#include "http_characters.hpp"
#include "http_target.hpp"

namespace flux::nodes::http {

namespace {

constexpr std::size_t longest_length = 18;  // digits behind zeros: enough, and no overflow

// Calls `use` with each element of a comma-separated list.
template <class Use>
void for_each_element(std::string_view list, Use use) {
  while (true) {
    const std::size_t comma = list.find(',');
    use(strip(list.substr(0, comma)));
    if (comma == list.npos) return;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace

void Framing::note(const Field& field) noexcept {
  const auto [name, value] = field;
  switch (name.size()) {
    case 4:
      if (same(name, "host")) note_host(value);
      break;
    case 6:
      if (same(name, "expect")) note_expectation(value);
      break;
    case 10:
      if (same(name, "connection")) note_options(value);
      break;
    case 14:
      if (same(name, "content-length")) note_length(value);
      break;
    case 17:
      if (same(name, "transfer-encoding")) note_codings(value);
      break;
    default:
      break;
  }
}

void Framing::note_host(std::string_view value) noexcept {
  ++hosts_;
  has_bad_host_ |= !is_host(value);
}

void Framing::note_length(std::string_view value) noexcept {
  ++lengths_;
  has_bad_length_ |= value.empty() || value.find_first_not_of("0123456789") != value.npos;
  value.remove_prefix(std::min(value.find_first_not_of('0'), value.size()));
  if (value.size() > longest_length) {
    length_ = UINT64_MAX;
  } else {
    std::from_chars(value.data(), value.data() + value.size(), length_);
  }
}

void Framing::note_codings(std::string_view value) noexcept {
  ++codings_;
  for_each_element(value, [this](std::string_view coding) {
    has_bad_coding_ |= coding.empty() || is_chunked_;
    is_chunked_ |= same(coding, "chunked");
    has_unknown_coding_ |= !same(coding, "chunked");
  });
}

void Framing::note_options(std::string_view value) noexcept {
  for_each_element(value, [this](std::string_view option) {
    closes_ |= same(option, "close");
    keeps_ |= same(option, "keep-alive");
  });
}

void Framing::note_expectation(std::string_view value) noexcept {
  ++expectations_;
  has_bad_expectation_ |= !same(value, "100-continue");
}

void Framing::check(const Limits& limits) const {
  if (hosts_ > 1 || (hosts_ == 0 && !is_old_)) throw HttpError(400, "there must be one Host");
  if (has_bad_host_) throw HttpError(400, "malformed Host");
  if (codings_ > 0) {
    check_codings();
  } else {
    check_length(limits);
  }
  if (expects_continue() && (has_bad_expectation_ || expectations_ > 1)) throw HttpError(417);
}

void Framing::check_codings() const {
  if (lengths_ > 0 || is_old_) throw HttpError(400, "ambiguous length");
  if (has_bad_coding_ || !is_chunked_) throw HttpError(400, "malformed Transfer-Encoding");
  if (has_unknown_coding_) throw HttpError(501, "unknown transfer coding");
}

void Framing::check_length(const Limits& limits) const {
  if (lengths_ > 1 || has_bad_length_) throw HttpError(400, "malformed Content-Length");
  if (length_ > std::max<std::uint64_t>(limits.body, limits.streamed)) throw HttpError(413);
}

}  // namespace flux::nodes::http
