#include <flux/source.hpp>

namespace flux {

namespace {

// The ways through a turn and the flow behind it; none if they are too many.
std::optional<Ways> whole(const Ways& turn, const Ways& flow) noexcept {
  constexpr std::uint64_t most = std::uint64_t{1} << 63;
  Ways both;
  std::uint64_t total = 0;
  const bool too_many = __builtin_mul_overflow(turn.succeeded, flow.succeeded, &both.succeeded) ||
                        __builtin_mul_overflow(turn.succeeded, flow.failed, &both.failed) ||
                        __builtin_add_overflow(turn.failed, both.failed, &both.failed) ||
                        __builtin_mul_overflow(turn.succeeded, flow.ended, &both.ended) ||
                        __builtin_add_overflow(turn.ended, both.ended, &both.ended) ||
                        __builtin_add_overflow(both.succeeded, both.failed, &total) ||
                        __builtin_add_overflow(total, both.ended, &total);
  return too_many || total >= most ? std::nullopt : std::optional{both};
}

}  // namespace

std::optional<std::uint64_t> Source::path(const Flow& flow, Way end) const noexcept {
  const auto total = whole(turn_ways, flow_ways);
  if (!total || flow.has_strayed()) {
    return std::nullopt;
  }
  if (end == succeeded) {
    return flow.turn.value_or(0) + turn_ways.succeeded * flow.path;
  }
  const bool handled = end == ended;
  const std::uint64_t skipped = total->succeeded + (handled ? total->failed : 0);
  if (!flow.turn) {
    return skipped + flow.way;
  }
  const std::uint64_t turns = handled ? turn_ways.ended : turn_ways.failed;
  return skipped + turns + *flow.turn + turn_ways.succeeded * flow.way;
}

}  // namespace flux
