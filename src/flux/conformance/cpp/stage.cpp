#include "stage.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace stage {
namespace {

using namespace std::chrono_literals;
using Actions = std::vector<Action>;
using Values = std::initializer_list<int>;

constexpr auto moment = 30ms;
constexpr auto long_time = 15s;
constexpr std::string_view server_stops = "stopping";

// Each gate opens once, for all.
class Gates {
 public:
  void open(std::string_view gate) {
    const std::lock_guard guard{mutex_};
    open_.emplace(gate);
    opened_.notify_all();
  }

  bool wait(std::string_view gate, std::chrono::milliseconds most) {
    std::unique_lock guard{mutex_};
    return opened_.wait_for(guard, most, [&] { return open_.contains(gate); });
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  std::set<std::string, std::less<>> open_;
};

// What has happened: `event`, the flow or a dash, and the text; or `path` and its name.
class Record {
 public:
  void event(std::optional<int> flow, std::string_view text) {
    add("event\t" + (flow ? std::to_string(*flow) : "-") + "\t" + std::string{text});
  }

  void path(std::string_view name) { add("path\t" + std::string{name}); }

  void tell(std::ostream& out) {
    const std::lock_guard guard{mutex_};
    for (const auto& line : lines_) out << line << '\n';
  }

 private:
  void add(std::string line) {
    const std::lock_guard guard{mutex_};
    lines_.push_back(std::move(line));
  }

  std::mutex mutex_;
  std::vector<std::string> lines_;
};

class Calls {
 public:
  int next(std::string_view node) {
    const std::lock_guard guard{mutex_};
    return numbers_[node]++;
  }

 private:
  std::mutex mutex_;
  std::map<std::string_view, int> numbers_;
};

struct Stage {
  Script script;
  Gates gates;
  Record record;
  Calls calls;
};

std::unique_ptr<Stage> on_stage;

std::string listed(Values values) {
  std::ostringstream out;
  for (const int& value : values) out << (&value == values.begin() ? "" : ", ") << value;
  return out.str();
}

bool is_result(const Action& action) {
  return action.deed == Deed::gives || action.deed == Deed::fails || action.deed == Deed::ends;
}

bool applies(const Cue& cue, int call, Values inputs) {
  switch (cue.when) {
    case When::always:
      return true;
    case When::on_call:
      return call == cue.number;
    case When::in_flow:
      return inputs.size() > 0 && *inputs.begin() == cue.number;
    case When::after_calls:
      return call >= cue.number;
  }
  return false;
}

Actions chosen(std::string_view name, Values inputs) {
  const int call = on_stage->calls.next(name);
  Actions actions;
  for (const Cue& cue : on_stage->script) {
    if (cue.node == name && applies(cue, call, inputs)) actions.push_back(cue.action);
  }
  return actions;
}

// What is usual: as many of the inputs as there are outputs.
Action usual(Values inputs, std::size_t outputs) {
  Action action{Deed::gives, {}, {}, std::min(outputs, inputs.size())};
  std::copy_n(inputs.begin(), action.count, action.values.begin());
  return action;
}

void perform(const Action& action, const std::string& actor) {
  switch (action.deed) {
    case Deed::opens:
      return on_stage->gates.open(action.text);
    case Deed::waits:
      if (on_stage->gates.wait(action.text, long_time)) return;
      throw std::runtime_error{actor + " waits in vain for " + std::string{action.text}};
    case Deed::never:
      if (!on_stage->gates.wait(action.text, moment)) return;
      return on_stage->record.event(0, actor + " sees " + std::string{action.text} + " too early");
    case Deed::yields:
      return std::this_thread::yield();
    case Deed::signals:
      ::kill(::getpid(), action.text == "TERM" ? SIGTERM : SIGINT);
      return;
    case Deed::gives:
    case Deed::fails:
    case Deed::ends:
      throw std::logic_error{"a result stands last"};
  }
}

// Calls that are given nothing and succeed aren't recorded: the flow shows them.
void record_call(const std::string& actor, Values inputs, bool failed) {
  if (inputs.size() == 0 && !failed) return;
  on_stage->record.event(inputs.size() > 0 ? *inputs.begin() : 0, actor + (failed ? "!" : ""));
}

// All actions of a call; the last one is its result.
Action act(std::string_view name, Values inputs, const Action& usually) {
  Actions actions = chosen(name, inputs);
  if (actions.empty() || !is_result(actions.back())) actions.push_back(usually);
  const Action result = actions.back();
  actions.pop_back();
  const std::string actor = std::string{name} + "(" + listed(inputs) + ")";
  record_call(actor, inputs, result.deed == Deed::fails);
  for (const Action& action : actions) perform(action, actor);
  if (result.deed == Deed::fails) throw std::runtime_error{std::string{result.text}};
  return result;
}

std::string in_session(std::optional<std::uint64_t> session) {
  return session ? "(" + std::to_string(*session) + ")" : "";
}

class Watcher : public flux::Observer {
 public:
  explicit Watcher(flux::Paths paths) : paths_{std::move(paths)} {}

  void taken(const char* name, bool reader,
             std::optional<std::uint64_t> session) noexcept override {
    on_stage->record.event({}, std::string{"+"} + name + (reader ? "?" : "") + in_session(session));
  }

  void given_back(const char* name, bool /*reader*/,
                  std::optional<std::uint64_t> session) noexcept override {
    on_stage->record.event({}, std::string{"-"} + name + in_session(session));
  }

  void flow_ended(const flux::Flow& /*flow*/, const flux::Source& source, flux::Outcome /*outcome*/,
                  std::optional<std::uint64_t> path) override {
    on_stage->record.path(path ? paths_.name(source.name, *path) : "unknown");
  }

 private:
  flux::Paths paths_;
};

}  // namespace

int node(std::string_view name, Values inputs, std::initializer_list<int*> outputs) {
  const Action result = act(name, inputs, usual(inputs, outputs.size()));
  if (result.deed == Deed::ends) return FLUX_END;
  auto value = result.values.begin();
  for (int* output : outputs) *output = *value++;
  return 0;
}

bool predicate(std::string_view name, int input) {
  return act(name, {input}, gives(0)).values[0] == 1;
}

std::uint64_t session(std::string_view name, Values inputs) {
  return static_cast<std::uint64_t>(act(name, inputs, usual(inputs, 1)).values[0]);
}

void hook(std::string_view name) { on_stage->record.event(0, std::string{name} + "()"); }

void stopping() { on_stage->gates.open(server_stops); }

std::unique_ptr<flux::Observer> enter(Script script, const flux::Paths& paths) {
  on_stage = std::make_unique<Stage>();
  on_stage->script = script;
  return std::make_unique<Watcher>(paths);
}

void tell(std::ostream& out) { on_stage->record.tell(out); }

}  // namespace stage
