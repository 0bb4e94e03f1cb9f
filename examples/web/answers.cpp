#include "answers.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "codings.hpp"
#include "conditions.hpp"
#include "dates.hpp"
#include "ranges.hpp"
#include "text.hpp"

namespace {

using Fields = Reply::Fields;

constexpr std::string_view allowed = "GET, HEAD, OPTIONS";
constexpr std::int64_t billion = 1'000'000'000;
constexpr std::size_t longest_location = 2048;

// A path as it stands in a target.
std::string quoted(std::string_view path) {
  constexpr std::string_view plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string target;
  for (const char character : path) {
    const auto byte = static_cast<unsigned char>(character);
    if (plain.find(character) != plain.npos) {
      target += character;
    } else {
      target.append({'%', digits[byte / 16U], digits[byte % 16U]});
    }
  }
  return target;
}

Reply with_first(std::string name, std::string value, Reply reply) {
  reply.fields.insert(reply.fields.begin(), {std::move(name), std::move(value)});
  return reply;
}

// A folder's own name ends with a slash: links on its page are relative to it.
Reply moved(const flux::nodes::Request& request, const Found& page) {
  const auto* mark = request.query.empty() ? "" : "?";
  auto location = text::join({"/", quoted(page.name), "/", mark, request.query});
  if (location.size() > longest_location) return refusal(414);
  return with_first("Location", std::move(location), refusal(page.status));
}

std::string content_range(const Range& part, std::uint64_t size) {
  return text::join({"bytes ", std::to_string(part.start), "-",
                     std::to_string(part.start + part.size - 1), "/", std::to_string(size)});
}

Piece piece(const Form& form, const Range& part) {
  return {form.content, static_cast<std::uint64_t>(part.start),
          static_cast<std::uint64_t>(part.size)};
}

// A multipart body (14.6); its boundary is the tag, which is another for another content.
Reply many_parts(const Form& form, std::span<const Range> ranges, const std::string& type,
                 Fields fields) {
  const auto tag = form.tag();
  const auto boundary = "part-" + tag.substr(1, tag.size() - 2);
  Reply reply{.status = 206, .fields = std::move(fields)};
  for (const auto& part : ranges) {
    reply.body.push_back(in_memory(
        text::join({"\r\n--", boundary, "\r\nContent-Type: ", type,
                    "\r\nContent-Range: ", content_range(part, form.version.size), "\r\n\r\n"})));
    reply.body.push_back(piece(form, part));
  }
  reply.body.push_back(in_memory(text::join({"\r\n--", boundary, "--\r\n"})));
  return with_first("Content-Type", text::join({"multipart/byteranges; boundary=", boundary}),
                    std::move(reply));
}

using Ranges = std::optional<std::vector<Range>>;

Reply with_body(const Form& form, const Ranges& ranges, const std::string& type, Fields fields) {
  const auto size = form.version.size;
  if (!ranges) {
    Reply whole{.status = 200, .fields = std::move(fields), .body = {{form.content, 0, size}}};
    return with_first("Content-Type", type, std::move(whole));
  }
  if (ranges->empty()) {
    return with_first("Content-Range", text::join({"bytes */", std::to_string(size)}),
                      refusal(416));
  }
  if (ranges->size() > 1) return many_parts(form, *ranges, type, std::move(fields));
  const auto& only = ranges->front();
  Reply part{.status = 206, .fields = std::move(fields), .body = {piece(form, only)}};
  part = with_first("Content-Range", content_range(only, size), std::move(part));
  return with_first("Content-Type", type, std::move(part));
}

Reply whole_or_part(const flux::nodes::Request& request, const Found& page, const Types& types,
                    std::time_t now) {
  const auto& form = best_form(page.forms, request.headers.all("Accept-Encoding"));
  const auto modified = std::min<std::time_t>(form.version.modified / billion, now);
  const Validators validators{form.tag(), modified, now};
  Fields fields{{"ETag", validators.tag}, {"Last-Modified", write_date(modified)}};
  if (page.forms.size() > 1) fields.emplace_back("Vary", "Accept-Encoding");
  const int failed = validators.failed(request.headers);
  if (failed == 304) return {.status = failed, .fields = std::move(fields)};
  if (failed != 0) return refusal(failed);
  if (!form.coding.empty()) fields.emplace_back("Content-Encoding", form.coding);
  fields.emplace_back("Accept-Ranges", "bytes");
  fields.emplace_back("X-Content-Type-Options", "nosniff");
  Ranges ranges;
  if (request.method == "GET" && validators.allow_range(request.headers)) {
    ranges =
        read_ranges(request.headers.all("Range"), static_cast<std::int64_t>(form.version.size));
  }
  return with_body(form, ranges, type_of(page.name, types), std::move(fields));
}

}  // namespace

Reply refusal(int status, std::string_view reason) {
  Fields fields{{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}};
  if (status == 405) fields.emplace_back("Allow", allowed);
  if (status == 503) fields.emplace_back("Retry-After", "1");
  if (reason.empty()) reason = flux::nodes::reason_phrase(status);
  auto line = text::join({std::to_string(status), " ", reason, "\n"});
  return {.status = status, .fields = std::move(fields), .body = {in_memory(std::move(line))}};
}

Reply represent(const flux::nodes::Request& request, const Found& page, const Types& types,
                std::time_t now) {
  if (request.method == "OPTIONS") {
    return {.status = 204, .fields = {{"Allow", std::string{allowed}}}};
  }
  if (request.method != "GET" && request.method != "HEAD") return refusal(405);
  if (page.status == 200) return whole_or_part(request, page, types, now);
  return page.status == 301 ? moved(request, page) : refusal(page.status);
}
