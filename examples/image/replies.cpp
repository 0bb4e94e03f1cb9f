#include "replies.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <system_error>
#include <vector>

#include "text.hpp"

namespace {

using flux::nodes::Field;
using flux::nodes::HttpError;
using flux::nodes::Response;
using flux::nodes::ResponseOptions;

// Whether If-None-Match names a tag; weak comparison, as RFC 9110 has it.
bool is_known(std::string_view tag, std::string_view known) {
  auto named = text::split(known, ',');
  for (auto& one : named) {
    one = text::strip(one);
    if (one.starts_with("W/")) one.remove_prefix(2);
  }
  return std::find(named.begin(), named.end(), tag) != named.end() ||
         std::all_of(named.begin(), named.end(), [](auto one) { return one == "*"; });
}

bool is_exhausted(const std::error_code& code) {
  constexpr std::array exhausted{std::errc::too_many_files_open,
                                 std::errc::too_many_files_open_in_system,
                                 std::errc::no_buffer_space, std::errc::not_enough_memory};
  return std::find(exhausted.begin(), exhausted.end(), code) != exhausted.end();
}

std::string line(int status, std::string_view reason) {
  return std::to_string(status).append(" ").append(reason).append("\n");
}

Refusal plain_refusal(int status) {
  return {status, line(status, flux::nodes::reason_phrase(status)), status >= 500};
}

}  // namespace

Response picture_reply(const Picture& picture, bool keep_alive) {
  const auto& request = *picture.request;
  const auto tag = '"' + picture.jpeg->tag + '"';
  const bool known = !request.known.empty() && is_known(tag, request.known);
  return flux::nodes::response(known ? 304 : 200,
                               {{"Content-Type", "image/jpeg"},
                                {"ETag", tag},
                                {"Cache-Control", "public, max-age=60"},
                                {"X-Cache", picture.cached ? "hit" : "miss"}},
                               picture.jpeg->data,
                               {.head = known || request.head, .keep_alive = keep_alive});
}

Response Refusal::response(const ResponseOptions& options) const {
  std::vector<Field> headers{{"Content-Type", "text/plain; charset=utf-8"},
                             {"Cache-Control", "no-store"}};
  if (status == 405) headers.push_back({"Allow", "GET, HEAD"});
  if (status == 503) headers.push_back({"Retry-After", "1"});
  return flux::nodes::response(status, headers, text, options);
}

Refusal refusal_of(const std::exception_ptr& error) {
  try {
    if (error) std::rethrow_exception(error);
  } catch (const HttpError& http) {  // no fault even above 500: clients can ask for a 501
    return {http.status(), line(http.status(), http.reason()), false};
  } catch (const gallery::NoPicture&) {
    return plain_refusal(404);
  } catch (const std::bad_alloc&) {
    return plain_refusal(503);
  } catch (const std::system_error& system) {
    return plain_refusal(is_exhausted(system.code()) ? 503 : 500);
  } catch (...) {
  }
  return plain_refusal(500);
}
