#include <flux/flow.hpp>
#include <string>
#include <utility>

namespace flux {

Way Flow::fail(std::uint64_t number) noexcept {
  failing_ = false;
  way = number;
  return failed;
}

Way Flow::no_match(const char* node, std::uint64_t number) {
  error_ = Error{.node = node,
                 .code = FLUX_NO_MATCH,
                 .text = std::string{"no case of `"} + node + "` matches its inputs"};
  way = number;
  return failed;
}

Way Flow::leave(Way way_out, const Numbers& numbers) noexcept {
  if (way_out != over) {
    const std::uint64_t before = numbers.weight == 1 ? 0 : path - numbers.base;
    way = (way_out == ended ? numbers.ended : numbers.failed) + before + numbers.weight * way;
  }
  return way_out;
}

Way Flow::stray() noexcept {
  error_ = caught("", FLUX_EXCEPTION);
  has_strayed_ = true;
  return failed;
}

void Flow::returned(const Node& node, int code) noexcept {
  error_ = Error{.node = node.name(), .code = code};
  way = 0;
}

Way Flow::opening_returned(const Node& node, int code) noexcept {
  if (code == FLUX_END) {
    return over;
  }
  opening_has_failed_ = true;
  returned(node, code);
  return failed;
}

void Flow::threw(const Node& node) noexcept {
  error_ = caught(node.name(), FLUX_EXCEPTION);
  way = 0;
}

void Flow::opening_threw(const Node& node) noexcept {
  opening_has_failed_ = true;
  threw(node);
}

void Flow::gave_no_session(const Node& node) noexcept {
  error_ = caught(node.name(), FLUX_NO_SESSION);
  way = 0;
}

void Flow::could_not_test(const Node& node) noexcept {
  error_ = caught(node.name(), FLUX_EXCEPTION);
  failing_ = true;
}

Flow::Handler::Handler(Flow& flow) noexcept
    : flow_{flow},
      path_{std::exchange(flow.path, 0)},
      failure_{flow.way},
      handled_{std::move(*flow.error_)} {}

Way Flow::Handler::done(Way way_out, const Handling& handling) noexcept {
  const auto& [succeeded_ways, failed_ways, ended_ways] = handling.handling;
  std::uint64_t number = flow_.path;
  if (way_out == failed) {
    flow_.handler_has_failed_ = true;
    number = succeeded_ways + flow_.way;
  } else if (way_out == ended) {
    number = succeeded_ways + failed_ways + flow_.way;
  }
  flow_.path = path_;
  flow_.way = handling.handled.ended + failure_ + handling.handled.failed * number;
  return flow_.leave(ended, handling.numbers);
}

}  // namespace flux
