#include "answers.hpp"

#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "codings.hpp"
#include "conditions.hpp"
#include "dates.hpp"
#include "ranges.hpp"
#include "text.hpp"

namespace {

constexpr std::string_view allowed = "GET, HEAD, OPTIONS";
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
Reply many_parts(const Form& form, std::span<const Range> ranges, Fields fields) {
  const auto boundary = "part-" + form.tag.substr(1, form.tag.size() - 2);
  const auto& [name, type] = form.fields->front();
  fields.emplace_back(name, text::join({"multipart/byteranges; boundary=", boundary}));
  fields.insert(fields.end(), std::next(form.fields->begin()), form.fields->end());
  Reply reply{.status = 206, .fields = std::move(fields)};
  for (const auto& part : ranges) {
    reply.body.push_back(in_memory(
        text::join({"\r\n--", boundary, "\r\nContent-Type: ", type,
                    "\r\nContent-Range: ", content_range(part, form.version.size), "\r\n\r\n"})));
    reply.body.push_back(piece(form, part));
  }
  reply.body.push_back(in_memory(text::join({"\r\n--", boundary, "--\r\n"})));
  return reply;
}

Reply whole(const Form& form, Fields fields) {
  return {.status = 200,
          .known = form.fields,
          .fields = std::move(fields),
          .body = {{form.content, 0, form.version.size}}};
}

Reply one_part(const Form& form, const Range& part, Fields fields) {
  fields.emplace_back("Content-Range", content_range(part, form.version.size));
  return {.status = 206,
          .known = form.fields,
          .fields = std::move(fields),
          .body = {piece(form, part)}};
}

Reply parts(const Form& form, std::span<const Range> ranges, Fields fields) {
  if (ranges.empty()) {
    return with_first("Content-Range", text::join({"bytes */", std::to_string(form.version.size)}),
                      refusal(416));
  }
  if (ranges.size() == 1) return one_part(form, ranges.front(), std::move(fields));
  return many_parts(form, ranges, std::move(fields));
}

Reply not_modified(const Form& form, Fields fields) {
  fields.emplace_back("ETag", form.tag);
  fields.emplace_back("Last-Modified", write_date(form.modified));
  return {.status = 304, .fields = std::move(fields)};
}

Reply whole_or_part(const flux::nodes::Request& request, const Found& page, std::time_t now) {
  const auto& form = best_form(page.forms, request.headers.all("Accept-Encoding"));
  const Validators validators{form.tag, form.modified, now};
  Fields fields;
  if (page.forms.size() > 1) fields.emplace_back("Vary", "Accept-Encoding");
  const int failed = validators.failed(request.headers);
  if (failed == 304) return not_modified(form, std::move(fields));
  if (failed != 0) return refusal(failed);
  if (request.method != "GET" || !validators.allow_range(request.headers)) {
    return whole(form, std::move(fields));
  }
  const auto ranges =
      read_ranges(request.headers.all("Range"), static_cast<std::int64_t>(form.version.size));
  return ranges ? parts(form, *ranges, std::move(fields)) : whole(form, std::move(fields));
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

Reply represent(const flux::nodes::Request& request, const Found& page, std::time_t now) {
  if (page.is_lost_script) return refusal(page.status);  // who knows what methods it would take?
  if (request.method == "OPTIONS") {
    return {.status = 204, .fields = {{"Allow", std::string{allowed}}}};
  }
  if (request.method != "GET" && request.method != "HEAD") return refusal(405);
  if (page.status == 200) return whole_or_part(request, page, now);
  return page.status == 301 ? moved(request, page) : refusal(page.status);
}
