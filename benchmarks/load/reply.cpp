#include "reply.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace load {

namespace {

constexpr std::size_t longest_head = 16 * 1024;
constexpr std::size_t sample = 64;
constexpr std::size_t first_piece = 4 * 1024;      // as a rule, the head and more than the sample
constexpr std::size_t worth_skipping = 64 * 1024;  // less is copied sooner than asked for again
constexpr std::string_view end_of_line = "\r\n";
constexpr std::string_view end_of_head = "\r\n\r\n";

char lower(char each) { return 'A' <= each && each <= 'Z' ? static_cast<char>(each + 32) : each; }

bool same(std::string_view one, std::string_view other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](char left, char right) { return lower(left) == lower(right); });
}

// What stands after `name: ` in a head.
std::optional<std::string_view> value(std::string_view head, std::string_view name) {
  for (auto start = head.find(end_of_line); start != std::string_view::npos;) {
    start += end_of_line.size();
    const auto end = head.find(end_of_line, start);
    const auto line = head.substr(start, end - start);
    if (line.size() > name.size() + 2 && same(line.substr(0, name.size()), name) &&
        line[name.size()] == ':') {
      return line.substr(name.size() + 2);
    }
    start = end;
  }
  return std::nullopt;
}

std::size_t length(std::string_view head) {
  const auto text = value(head, "content-length");
  if (!text) throw Failed{Failure::malformed};
  std::size_t length = 0;
  const auto [end, error] = std::from_chars(text->begin(), text->end(), length);
  if (error != std::errc{} || end != text->end()) throw Failed{Failure::malformed};
  return length;
}

}  // namespace

void Reply::await(const Target& target, const Check& check) {
  target_ = &target;
  check_ = check;
  head_.clear();
  received_ = 0;
  ++count_;
  in_body_ = false;
  closes_ = false;
}

bool Reply::take(std::string_view bytes) {
  if (!in_body_) take_head(bytes);
  if (!in_body_) return false;
  if (bytes.size() > target_->body->size() - received_) throw Failed{Failure::length};
  compare(bytes);
  received_ += bytes.size();
  return received_ == target_->body->size();
}

std::size_t Reply::piece() const {
  return is_compared() || target_->body->size() < worth_skipping ? 0 : first_piece;
}

std::size_t Reply::unseen() const {
  return piece() == 0 || !in_body_ || received_ == 0 ? 0 : target_->body->size() - received_;
}

bool Reply::skip(std::size_t size) {
  received_ += size;
  return received_ == target_->body->size();
}

// As a rule it comes whole, and is read where it is.
void Reply::take_head(std::string_view& bytes) {
  const auto before = head_.size();
  const auto searched = before < end_of_head.size() ? 0 : before - end_of_head.size();
  if (before > 0) head_.append(bytes.substr(0, longest_head));
  const auto text = before > 0 ? std::string_view{head_} : bytes.substr(0, longest_head);
  const auto end = text.find(end_of_head, searched);
  if (end == std::string::npos) {
    if (text.size() >= longest_head) throw Failed{Failure::malformed};
    if (before == 0) head_ = text;
    return;
  }
  read_head(text.substr(0, end + end_of_line.size()));
  bytes.remove_prefix(end + end_of_head.size() - before);
  in_body_ = true;
}

void Reply::read_head(std::string_view head) {
  if (!head.starts_with("HTTP/1.1 ")) throw Failed{Failure::malformed};
  if (!head.starts_with("HTTP/1.1 200 ")) throw Failed{Failure::status};
  const auto line = [&] { return std::string{end_of_line}.append(check_.field); };
  if (!check_.field.empty() && head.find(line()) == std::string::npos) throw Failed{Failure::field};
  if (length(head) != target_->body->size()) throw Failed{Failure::length};
  closes_ = same(value(head, "connection").value_or(""), "close");
}

void Reply::compare(std::string_view piece) const {
  const auto size = is_compared() ? piece.size() : std::min(piece.size(), sample);
  const auto wanted = std::string_view{*target_->body}.substr(received_, size);
  if (piece.substr(0, size) != wanted) throw Failed{Failure::bytes};
}

}  // namespace load
