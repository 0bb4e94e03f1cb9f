#include <flux/flow.hpp>
#include <string>
#include <utility>

#include "profile/ticks.hpp"

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

void Flow::begin_measuring() noexcept {
  if (is_wanted() && meter_ == nullptr) {
    meter_ = metering_->begin(*this, *source_);
    timer_ = meter_ != nullptr && meter_->is_timed() ? meter_ : nullptr;
  }
}

void Flow::opening() noexcept { opening_since_ = profile::ticks(); }

void Flow::opened(const Node& node) noexcept {
  begin_measuring();
  called(node, Role::opening);
}

void Flow::failed_to_open(const Node& node) noexcept {
  opening_has_failed_ = true;
  begin_measuring();
  failed_in(node, Role::opening);
}

void Flow::failed_in(const Node& node, Role role) noexcept {
  if (timer_ != nullptr) {
    timer_->failed(node, role);
  }
}

void Flow::returned(const Node& node, int code) noexcept {
  failed_in(node, Role::node);
  error_ = Error{.node = node.name(), .code = code};
  way = 0;
}

Way Flow::opening_returned(const Node& node, int code) noexcept {
  if (code == FLUX_END) {
    return over;
  }
  failed_to_open(node);
  error_ = Error{.node = node.name(), .code = code};
  way = 0;
  return failed;
}

void Flow::threw(const Node& node) noexcept {
  failed_in(node, Role::node);
  error_ = caught(node.name(), FLUX_EXCEPTION);
  way = 0;
}

void Flow::opening_threw(const Node& node) noexcept {
  failed_to_open(node);
  error_ = caught(node.name(), FLUX_EXCEPTION);
  way = 0;
}

void Flow::gave_no_session(const Node& node) noexcept {
  failed_in(node, Role::session);
  error_ = caught(node.name(), FLUX_NO_SESSION);
  way = 0;
}

void Flow::could_not_test(const Node& node) noexcept {
  failed_in(node, Role::predicate);
  error_ = caught(node.name(), FLUX_EXCEPTION);
  failing_ = true;
}

void Flow::tell_error() noexcept {
  if (meter_ != nullptr) {
    meter_->failed_by(*error_);
  }
}

Flow::Handler::Handler(Flow& flow) noexcept
    : flow_{flow},
      path_{std::exchange(flow.path, 0)},
      failure_{flow.way},
      handled_{(flow.tell_error(), std::move(*flow.error_))} {}

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
