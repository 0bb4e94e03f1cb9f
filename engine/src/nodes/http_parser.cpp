// A request is read when it is there: its lines one by one, then its body. A line is judged once it
// is whole. So every decision depends on bytes from the request's start up to some place in it,
// never on where the pieces were cut, and the same bytes always give the same requests.

#include "flux/nodes/http_parser.hpp"

#include <algorithm>
#include <cstring>

#include "http_characters.hpp"
#include "http_chunks.hpp"
#include "http_head.hpp"
#include "http_input.hpp"

namespace flux::nodes {

namespace {

using http::line_end;

constexpr std::size_t rest_of_line = 64;  // bytes for method and version, beside the target

// Of a first line that is too long: is it for its target, or for its method?
[[noreturn]] void refuse_length(std::string_view line) {
  if (line.substr(0, rest_of_line).find(' ') != line.npos) throw HttpError(414);
  throw HttpError(501, "unknown method");
}

}  // namespace

class RequestParser::State {
 public:
  explicit State(const Limits& limits) : limits_(limits) {}

  const Request* next();
  std::string_view continuation() noexcept;
  bool is_over() const noexcept;
  void release() noexcept;
  std::size_t take(std::span<char> into) noexcept;

  http::Input input;
  std::uint64_t left = 0;  // bytes of a body that others read

 private:
  enum class Place { start, request_line, fields, body, chunks, end };

  bool read();
  bool read_start();
  bool read_request_line();
  bool read_fields();
  bool read_body();
  void finish_head();
  void begin() noexcept;

  Limits limits_;
  Place place_ = Place::start;
  http::Head head_;
  std::size_t missing_ = 0;  // bytes of a body of known length
  http::Chunks chunks_;
  bool awaits_leave_ = false;
  bool left_for_others_ = false;
  std::size_t head_size_ = 0;
  Request request_;
};

const Request* RequestParser::State::next() {
  if (left_for_others_) return nullptr;
  if (place_ == Place::end) begin();
  while (place_ != Place::end) {
    if (!read()) return nullptr;
  }
  const std::string_view kept = input.kept();
  request_ = head_.request(kept.data(), kept.substr(head_size_));
  if (left_for_others_) {
    request_.keep_alive = false;
    request_.unread = left;
    request_.awaits_leave = awaits_leave_;
  }
  return &request_;
}

// Reads one thing; whether it was there.
bool RequestParser::State::read() {
  switch (place_) {
    case Place::start:
      return read_start();
    case Place::request_line:
      return read_request_line();
    case Place::fields:
      return read_fields();
    case Place::body:
      return read_body();
    case Place::chunks:
      if (!chunks_.read(input, limits_)) return false;
      place_ = Place::end;
      return true;
    case Place::end:
      break;
  }
  return true;
}

bool RequestParser::State::read_start() {
  std::string_view text = input.unread();
  if (line_end.starts_with(text)) return false;
  const bool has_empty_line = text.starts_with(line_end);
  if (has_empty_line) text.remove_prefix(line_end.size());
  if (!http::is(http::Class::token, text[0])) throw HttpError(400, "this is not HTTP");
  if (has_empty_line) input.drop(line_end.size());  // old clients end a body with one too many
  input.start();
  place_ = Place::request_line;
  return true;
}

bool RequestParser::State::read_request_line() {
  const std::string_view line = input.line();
  const std::size_t size = line.empty() ? input.unread().size() : line.size();
  if (size > std::size_t{limits_.target} + rest_of_line) refuse_length(input.unread());
  if (line.empty()) return false;
  head_.read_request_line(line, limits_);
  input.keep(line.size());
  place_ = Place::fields;
  return true;
}

bool RequestParser::State::read_fields() {
  while (place_ == Place::fields) {
    const std::string_view line = input.line();
    const std::size_t size = line.empty() ? input.unread().size() : line.size();
    const std::string_view head = input.kept();
    if (head.size() + size > limits_.headers) throw HttpError(431);
    if (line.empty()) return false;
    if (line == line_end) {
      head_.finish(head.data(), limits_);
      input.keep(size);
      finish_head();
    } else {
      head_.read_field(line, head.data(), limits_);
      input.keep(size);
    }
  }
  return true;
}

bool RequestParser::State::read_body() {
  const std::size_t size = std::min(missing_, input.unread().size());
  input.keep(size);
  missing_ -= size;
  if (missing_ > 0) return false;
  place_ = Place::end;
  return true;
}

void RequestParser::State::finish_head() {
  const http::Framing& framing = head_.framing();
  head_size_ = input.kept().size();
  awaits_leave_ = framing.expects_continue() && input.unread().empty();
  place_ = framing.is_chunked() ? Place::chunks : Place::body;
  missing_ = static_cast<std::size_t>(framing.length());
  chunks_ = {};
  if (framing.length() <= limits_.body) return;
  place_ = Place::end;
  left = framing.length();
  left_for_others_ = true;
}

void RequestParser::State::begin() noexcept {
  input.start();
  awaits_leave_ = false;
  place_ = Place::start;
}

std::string_view RequestParser::State::continuation() noexcept {
  const bool is_in_body = place_ == Place::body || place_ == Place::chunks || left > 0;
  if (!is_in_body || !awaits_leave_) return {};
  awaits_leave_ = false;
  return "HTTP/1.1 100 Continue\r\n\r\n";
}

bool RequestParser::State::is_over() const noexcept {
  return place_ == Place::end && !request_.keep_alive && left == 0 && input.unread().empty();
}

void RequestParser::State::release() noexcept {
  if (place_ != Place::end || left_for_others_) return;
  begin();
  input.release();
  head_.release();
}

std::size_t RequestParser::State::take(std::span<char> into) noexcept {
  const std::string_view come = input.unread();
  const auto size =
      static_cast<std::size_t>(std::min<std::uint64_t>({left, into.size(), come.size()}));
  std::copy_n(come.begin(), size, into.begin());
  input.drop(size);
  left -= size;
  return size;
}

RequestParser::RequestParser(const Limits& limits) : state_(std::make_unique<State>(limits)) {}
RequestParser::RequestParser(RequestParser&&) noexcept = default;
RequestParser& RequestParser::operator=(RequestParser&&) noexcept = default;
RequestParser::~RequestParser() = default;

std::span<char> RequestParser::prepare(std::size_t size) { return state_->input.prepare(size); }

void RequestParser::commit(std::size_t size) noexcept { state_->input.commit(size); }

void RequestParser::feed(std::string_view data) {
  if (data.empty()) return;
  std::memcpy(prepare(data.size()).data(), data.data(), data.size());
  commit(data.size());
}

const Request* RequestParser::next() { return state_->next(); }

std::uint64_t RequestParser::left() const noexcept { return state_->left; }

std::size_t RequestParser::take(std::span<char> into) noexcept { return state_->take(into); }

void RequestParser::note_taken(std::size_t size) noexcept { state_->left -= size; }

std::string_view RequestParser::continuation() noexcept { return state_->continuation(); }

std::string_view RequestParser::rest() const noexcept { return state_->input.unread(); }

bool RequestParser::is_over() const noexcept { return state_->is_over(); }

void RequestParser::release() noexcept { state_->release(); }

}  // namespace flux::nodes
