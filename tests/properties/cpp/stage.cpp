#include "stage.hpp"

#include <algorithm>
#include <charconv>
#include <deque>
#include <flux/local.hpp>
#include <map>
#include <mutex>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <tuple>
#include <vector>

namespace stage {
namespace {

// The decisions of one turn or flow: `.` is success, `y` and `n` are answers, `0` and `1` are
// sessions, `$` is the end of the source, `!` is failure. Who asks too often fails.
struct Script {
  std::string letters;
  int happened = 0;

  char ask() {
    const auto place = static_cast<std::size_t>(happened++);
    return place < letters.size() ? letters[place] : '!';
  }
};

struct Record {
  bool is_flow;
  int source;
  int number;
  Script script;
  std::string ending = "stopped";
  std::vector<std::string> lines{};

  // Values say of which record they are, of which call, and which of its outputs they are.
  int value(int place) const {
    const int of_record = (source << 10 | number) << 1 | int{is_flow};
    return (of_record << 14 | script.happened) << 2 | place;
  }
};

using Place = std::tuple<std::string, std::optional<std::uint64_t>>;

// Who is inside each constraint, in each session.
class Occupancy {
 public:
  void enter(bool reader, const Place& place) {
    auto& [readers, writers] = inside_[place];
    (reader ? readers : writers) += 1;
    if (writers > 0 && readers + writers > 1) clashes_.push_back(std::get<0>(place));
  }

  void leave(bool reader, const Place& place) {
    auto& [readers, writers] = inside_[place];
    (reader ? readers : writers) -= 1;
  }

  const std::vector<std::string>& clashes() const { return clashes_; }

 private:
  std::map<Place, std::pair<int, int>> inside_;
  std::vector<std::string> clashes_;
};

struct Stage {
  std::vector<std::string> sources;
  std::map<std::tuple<bool, int, int>, std::string> scripts;
  std::deque<Record> records;
  std::map<int, int> begun;
  std::map<const flux::Flow*, Record*> under_way;
  Occupancy occupancy;
  std::mutex mutex;
};

std::unique_ptr<Stage> on_stage;
flux::Local<Record*> current;

void begin(const flux::Flow& flow, bool is_flow, int source, int number) {
  const Script script{on_stage->scripts[{is_flow, source, number}]};
  *current = &on_stage->records.emplace_back(Record{is_flow, source, number, script});
  on_stage->under_way[&flow] = *current;
}

// Note what happens, and give other threads a chance to get in between.
void note(std::string line) {
  {
    const std::lock_guard guard{on_stage->mutex};
    (*current)->lines.push_back(std::move(line));
  }
  std::this_thread::yield();
}

std::string call(std::string_view kind, std::string_view name, std::initializer_list<int> inputs) {
  std::ostringstream out;
  out << kind << ' ' << name;
  for (const int input : inputs) out << ' ' << input;
  return out.str();
}

std::string holding(std::string_view deed, std::string_view name, bool reader,
                    std::optional<std::uint64_t> session) {
  std::ostringstream out;
  out << deed << ' ' << name << ' ' << (reader ? "reader" : "writer");
  if (session) out << ' ' << *session;
  return out.str();
}

// Nodes fail by codes and by exceptions.
int failure(int happened) {
  if (happened % 2 == 0) throw std::runtime_error{"as the script says"};
  return 5;
}

class Watcher : public flux::Observer {
 public:
  explicit Watcher(flux::Paths paths) : paths_{std::move(paths)} {}

  void taken(const char* name, bool reader,
             std::optional<std::uint64_t> session) noexcept override {
    {
      const std::lock_guard guard{on_stage->mutex};
      on_stage->occupancy.enter(reader, {name, session});
    }
    note(holding("take", name, reader, session));
  }

  void given_back(const char* name, bool reader,
                  std::optional<std::uint64_t> session) noexcept override {
    note(holding("give", name, reader, session));
    const std::lock_guard guard{on_stage->mutex};
    on_stage->occupancy.leave(reader, {name, session});
  }

  void flow_ended(const flux::Flow& flow, const flux::Source& source, flux::Outcome outcome,
                  std::optional<std::uint64_t> path) override {
    constexpr const char* endings[] = {"finished", "handled", "failed"};
    const std::lock_guard guard{on_stage->mutex};
    Record& record = *on_stage->under_way.at(&flow);
    record.ending = endings[static_cast<int>(outcome)];
    if (path) {
      record.lines.push_back("path " + std::to_string(*path) + " " +
                             paths_.name(source.name, *path));
    }
  }

 private:
  flux::Paths paths_;
};

}  // namespace

int number(int value) { return value; }

int number(const char* value) { return static_cast<int>(reinterpret_cast<std::intptr_t>(value)); }

int number(const Parcel& value) {
  int number = -1;
  const auto* begin = value.label.data();
  const auto* end = begin + value.label.size();
  std::from_chars(std::min(end, begin + value.label.find_last_of(' ') + 1), end, number);
  return number;
}

void Room::put(int number) const {
  struct Put {
    int number;
    void operator()(int* place) const { *place = number; }
    void operator()(char** place) const {
      *place = reinterpret_cast<char*>(static_cast<std::intptr_t>(number));
    }
    void operator()(Parcel* place) const {
      place->label = "a parcel with the number " + std::to_string(number);
    }
  };
  std::visit(Put{number}, place_);
}

int node(std::string_view name, std::initializer_list<int> inputs,
         std::initializer_list<Room> outputs) {
  note(call("node", name, inputs));
  const char said = (*current)->script.ask();
  if (said == '$') return FLUX_END;
  if (said != '.') return failure((*current)->script.happened);
  int place = 0;
  for (const Room& room : outputs) room.put((*current)->value(place++));
  return 0;
}

bool predicate(std::string_view name, int input) {
  note(call("predicate", name, {input}));
  const char said = (*current)->script.ask();
  if (said == '!') throw std::runtime_error{"a predicate"};
  return said == 'y';
}

std::uint64_t session(std::string_view name, std::initializer_list<int> inputs) {
  note(call("session", name, inputs));
  const char said = (*current)->script.ask();
  if (said == '!') throw std::runtime_error{"a session function"};
  return static_cast<std::uint64_t>(said - '0');
}

void turn_begins(const flux::Flow& flow, std::string_view name) {
  const std::lock_guard guard{on_stage->mutex};
  const auto& names = on_stage->sources;
  const auto source = static_cast<int>(std::ranges::find(names, name) - names.begin());
  begin(flow, false, source, on_stage->begun[source]++);
}

void flow_begins(const flux::Flow& flow) {
  const std::lock_guard guard{on_stage->mutex};
  const Record& turn = *on_stage->under_way.at(&flow);
  begin(flow, true, turn.source, turn.number);
}

std::unique_ptr<flux::Observer> enter(const flux::Program& program, std::istream& scripts) {
  on_stage = std::make_unique<Stage>();
  for (const flux::Source& source : program.sources) on_stage->sources.emplace_back(source.name);
  bool is_flow = false;
  int source = 0;
  int number = 0;
  std::string letters;
  while (scripts >> is_flow >> source >> number >> letters) {
    on_stage->scripts[{is_flow, source, number}] = letters;
  }
  return std::make_unique<Watcher>(program.paths);
}

void tell(std::ostream& out) {
  const std::lock_guard guard{on_stage->mutex};
  for (const Record& record : on_stage->records) {
    out << (record.is_flow ? "flow " : "turn ") << record.source << ' ' << record.number << ' '
        << record.ending << '\n';
    for (const std::string& line : record.lines) out << line << '\n';
  }
  for (const std::string& name : on_stage->occupancy.clashes()) out << "clash " << name << '\n';
}

}  // namespace stage
