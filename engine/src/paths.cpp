#include <algorithm>
#include <flux/paths.hpp>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace flux {

namespace path_tables {

Step call(std::string name, int routine, Numbers numbers) {
  return {
      .kind = Step::Kind::call, .name = std::move(name), .routine = routine, .numbers = numbers};
}

Step session(std::string name, Numbers numbers) {
  return {.kind = Step::Kind::session, .name = std::move(name), .numbers = numbers};
}

Step handle(std::string name, std::string handler, int routine, Numbers numbers, Ways handled,
            Ways handling, std::vector<Step> body) {
  return {.kind = Step::Kind::handle,
          .name = std::move(name),
          .handler = std::move(handler),
          .routine = routine,
          .numbers = numbers,
          .handled = handled,
          .handling = handling,
          .body = std::move(body)};
}

Step dispatch(std::string name, std::vector<Branch> branches, std::int64_t no_match) {
  return {.kind = Step::Kind::dispatch,
          .name = std::move(name),
          .branches = std::move(branches),
          .no_match = no_match};
}

}  // namespace path_tables

namespace {

using Names = std::vector<std::string>;
using Block = std::vector<Step>;

// How a way ends that doesn't succeed.
enum class Break { failed, ended };

// Decodes numbers, part by part; each function appends the names of what it stands for.
class Decoder {
 public:
  explicit Decoder(const std::vector<Routine>& routines) : routines_{routines} {}

  // A way of any kind: the succeeded are counted first, then the failed, then the ended.
  void any(const Block& block, const Ways& total, std::uint64_t number) {
    if (number < total.succeeded) {
      succeeded(block, number);
    } else if (number - total.succeeded < total.failed) {
      broken(Break::failed, block, number - total.succeeded);
    } else {
      broken(Break::ended, block, number - total.succeeded - total.failed);
    }
  }

  Ways ways(const Step& step) const {
    if (step.kind == Step::Kind::handle) {
      const Ways &handled = step.handled, &handling = step.handling;
      const std::uint64_t ends = handling.succeeded + handling.failed + handling.ended;
      return {handled.succeeded, 0, handled.ended + handled.failed * ends};
    }
    return step.routine < 0 ? Ways{} : routine(step).ways;
  }

  Names take_cases() { return std::move(cases_); }

  std::string text() const {
    std::string joined;
    for (const std::string& name : names_) {
      joined += (joined.empty() ? "" : " -> ") + name;
    }
    return joined;
  }

 private:
  // A way on which all steps succeed.
  void succeeded(const Block& block, std::uint64_t number) {
    succeeded(block.begin(), block.end(), number);
  }

  void succeeded(Block::const_iterator step, Block::const_iterator end, std::uint64_t number) {
    for (; step != end; ++step) {
      if (step->kind == Step::Kind::dispatch) {
        const Branch& branch = entered(*step, number);
        choose(branch);
        return succeeded(branch.body, number - branch.base);
      }
      const std::uint64_t each = nonzero(ways(*step).succeeded);
      step_succeeded(*step, number % each);
      number /= each;
    }
  }

  void step_succeeded(const Step& step, std::uint64_t number) {
    if (step.kind == Step::Kind::handle) {
      succeeded(step.body, number);
    } else if (step.routine >= 0) {
      succeeded(routine(step).body, number);
    } else if (step.kind == Step::Kind::call) {
      names_.push_back(step.name);
    }
  }

  // A way on which a step breaks, after those that succeeded.
  void broken(Break kind, const Block& block, std::uint64_t number) {
    if (!block.empty() && block.front().kind == Step::Kind::dispatch) {
      return dispatch_broken(kind, block.front(), number);
    }
    const auto step = covering(kind, block, number);
    if (step == block.end()) {
      throw std::out_of_range{"no path has that number"};
    }
    const std::uint64_t offset = number - first(kind, *step);
    const std::uint64_t weight = nonzero(step->numbers.weight);
    succeeded(block.begin(), step, offset % weight);
    step_broken(kind, *step, offset / weight);
  }

  void dispatch_broken(Break kind, const Step& dispatch, std::uint64_t number) {
    if (kind == Break::failed && is(dispatch.no_match, number)) {
      names_.push_back(dispatch.name + ": no match");
      return;
    }
    for (const Branch& branch : dispatch.branches) {
      if (kind == Break::failed && is(branch.failed, number)) {
        names_.push_back(branch.label + " can't be tested");
        return;
      }
      if (covers(kind, branch.body, number)) {
        choose(branch);
        return broken(kind, branch.body, number);
      }
    }
    throw std::out_of_range{"no path has that number"};
  }

  void step_broken(Break kind, const Step& step, std::uint64_t number) {
    if (step.kind == Step::Kind::handle) {
      handled(step, number);
    } else if (step.routine >= 0) {
      broken(kind, routine(step).body, number);
    } else {
      names_.push_back(step.name + " fails");
    }
  }

  void handled(const Step& step, std::uint64_t number) {
    const Step& inner = step.body.at(0);
    if (number < step.handled.ended) {
      return step_broken(Break::ended, inner, number);
    }
    const std::uint64_t failures = nonzero(step.handled.failed);
    number -= step.handled.ended;
    step_broken(Break::failed, inner, number % failures);
    const Block handler{path_tables::call(step.handler, step.routine, {})};
    any(handler, step.handling, number / failures);
  }

  // The case whose ways the number is among: the last one that starts there or before.
  static const Branch& entered(const Step& dispatch, std::uint64_t number) {
    const auto found =
        std::find_if(dispatch.branches.rbegin(), dispatch.branches.rend(),
                     [number](const Branch& branch) { return branch.base <= number; });
    if (found == dispatch.branches.rend()) {
      throw std::out_of_range{"no path has that number"};
    }
    return *found;
  }

  Block::const_iterator covering(Break kind, const Block& block, std::uint64_t number) const {
    return std::find_if(block.begin(), block.end(), [&](const Step& step) {
      const Ways own = ways(step);
      const std::uint64_t size =
          step.numbers.weight * (kind == Break::failed ? own.failed : own.ended);
      return number >= first(kind, step) && number - first(kind, step) < size;
    });
  }

  bool covers(Break kind, const Block& block, std::uint64_t number) const {
    return covering(kind, block, number) != block.end();
  }

  static std::uint64_t first(Break kind, const Step& step) {
    return kind == Break::failed ? step.numbers.failed : step.numbers.ended;
  }

  static bool is(std::int64_t way, std::uint64_t number) {
    return way >= 0 && static_cast<std::uint64_t>(way) == number;
  }

  static std::uint64_t nonzero(std::uint64_t ways) { return std::max<std::uint64_t>(ways, 1); }

  const Routine& routine(const Step& step) const {
    return routines_.at(static_cast<std::size_t>(step.routine));
  }

  void choose(const Branch& branch) {
    names_.push_back(branch.label);
    cases_.push_back(branch.label);
  }

  const std::vector<Routine>& routines_;
  Names names_{};
  Names cases_{};
};

Decoder decoded(const Paths& paths, std::string_view source, std::uint64_t number) {
  Decoder decoder{paths.routines};
  const auto its = std::find_if(paths.sources.begin(), paths.sources.end(),
                                [&](const SourcePaths& each) { return each.source == source; });
  if (its == paths.sources.end()) {
    return decoder;
  }
  const Step turn = path_tables::call(its->source, its->turn, {});
  const Ways before = decoder.ways(turn);
  const Step flow = path_tables::call(
      its->target, its->flow,
      {.weight = before.succeeded, .failed = before.failed, .ended = before.ended});
  const Ways rest = decoder.ways(flow);
  const Ways total{before.succeeded * rest.succeeded,
                   before.failed + before.succeeded * rest.failed,
                   before.ended + before.succeeded * rest.ended};
  if (number >= total.succeeded + total.failed + total.ended) {
    throw std::out_of_range{"no path has that number"};
  }
  decoder.any({turn, flow}, total, number);
  return decoder;
}

}  // namespace

std::string Paths::name(std::string_view source, std::uint64_t number) const {
  return decoded(*this, source, number).text();
}

std::vector<std::string> Paths::cases(std::string_view source, std::uint64_t number) const {
  return decoded(*this, source, number).take_cases();
}

}  // namespace flux
