// What a traced flow has done, until it is sent: a step for each of its spans, one after the other.

#pragma once

#include <cstdint>
#include <flux/meter.hpp>
#include <flux/way.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "context.hpp"

namespace flux {
struct Source;
}

namespace flux::trace {

// A flow that goes round in circles has no more spans than these.
inline constexpr std::uint64_t most_steps = 1000;

struct Step {
  enum class Kind : unsigned char { called, failed, waited, queued };

  Kind kind;
  const char* name;        // the node, or the constraint; null: the queue
  std::uint64_t time = 0;  // ns
  Role role = Role::node;
  bool reads = false;
  bool is_of_session = false;
};

struct Record;

// Who gets the records of flows that have ended.
class Sink {
 public:
  virtual void take(std::unique_ptr<Record> record) noexcept = 0;

 protected:
  ~Sink() = default;
};

struct Record {
  explicit Record(const Context& its_context) noexcept : context{its_context} {}

  Context context;           // of the flow's span, from which those of its steps are counted
  std::uint64_t parent = 0;  // the caller's span; 0: nobody called
  std::vector<Step> steps{};
  std::uint64_t dropped = 0;                                      // steps behind these
  std::vector<std::pair<std::uint64_t, std::string>> messages{};  // of steps that failed

  // Where it began, and how it ended.
  const Source* source = nullptr;
  std::optional<std::uint64_t> path{};
  Outcome outcome = Outcome::finished;
  std::string error{};
  std::uint64_t began = 0;  // ns since 1970
  std::uint64_t lasted = 0;
  std::uint64_t skipped = 0;  // ns before its steps, when it wasn't known yet that it is traced

  std::uint64_t count() const noexcept { return steps.size() + dropped; }

  void add(const Step& step) {
    if (steps.size() < most_steps) {
      steps.push_back(step);
    } else {
      ++dropped;
    }
  }
};

}  // namespace flux::trace
