// A stage (flux/conformance/cpp/stage.hpp) on which calls take virtual time. What flows do is read
// from the standard input, a line each, as played_in_cpp.py writes them; times are nanoseconds.
#include <algorithm>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "clock.hpp"
#include "stage.hpp"

namespace stage {
namespace {

using virtual_time::Nanoseconds;

struct Load {
  int expected = 0;
  std::vector<Nanoseconds> arrivals;
  std::vector<std::uint64_t> sessions;
  std::vector<std::string> openings;
  std::map<int, std::vector<Nanoseconds>> services;  // by flow, in the order of its calls
  std::set<std::pair<int, std::string>> chosen;      // predicates say yes, nodes fail
};

Load load;
std::map<std::string, std::size_t, std::less<>> coming;  // the next flow of each opening
std::map<int, std::size_t> calls;                        // how many each flow has made
std::vector<std::string> happened;
int latest = 0;  // the flow whose call has ended last: who runs is the flow that ends

template <class Value>
std::vector<Value> rest(std::istream& line) {
  return {std::istream_iterator<Value>{line}, std::istream_iterator<Value>{}};
}

void read(std::istream& line) {
  std::string word, name;
  int flow = 0;
  line >> word;
  if (word == "expected") line >> load.expected;
  if (word == "arrivals") load.arrivals = rest<Nanoseconds>(line);
  if (word == "sessions") load.sessions = rest<std::uint64_t>(line);
  if (word == "openings") load.openings = rest<std::string>(line);
  if (word == "services" && line >> flow) load.services[flow] = rest<Nanoseconds>(line);
  if (word == "chosen" && line >> flow >> name) load.chosen.emplace(flow, name);
}

void call(std::string_view name, int flow) {
  const auto time = load.services.at(flow).at(calls[flow]++);
  const auto now = virtual_time::now();
  happened.push_back("call\t" + std::to_string(flow) + '\t' + std::string{name} + '\t' +
                     std::to_string(now));
  virtual_time::sleep_until(now + time);
  latest = flow;
}

bool is_chosen(std::string_view name, int flow) {
  return load.chosen.contains({flow, std::string{name}});
}

int open(std::string_view name, std::initializer_list<int*> outputs) {
  const auto flow = coming.find(name)->second;
  if (flow >= load.arrivals.size()) return FLUX_END;
  coming.find(name)->second += load.openings.size();
  virtual_time::sleep_until(load.arrivals[flow]);
  for (int* output : outputs) *output = static_cast<int>(flow);
  return 0;
}

class Watcher : public flux::Observer {
  void flow_ended(const flux::Flow& /*flow*/, const flux::Source& source, flux::Outcome /*outcome*/,
                  std::optional<std::uint64_t> path) override {
    std::ostringstream line;
    line << "end\t" << latest << '\t' << virtual_time::now() << '\t' << source.name << '\t'
         << path.value();
    happened.push_back(line.str());
    if (++ended_ == load.arrivals.size()) virtual_time::end();
  }

  std::size_t ended_ = 0;
};

}  // namespace

int node(std::string_view name, std::initializer_list<int> inputs,
         std::initializer_list<int*> outputs) {
  if (inputs.size() == 0) return open(name, outputs);
  const int flow = *inputs.begin();
  call(name, flow);
  if (is_chosen(name, flow)) throw std::runtime_error{std::string{name}};
  for (int* output : outputs) *output = flow;
  return 0;
}

bool predicate(std::string_view name, int flow) {
  call(name, flow);
  return is_chosen(name, flow);
}

std::uint64_t session(std::string_view /*name*/, std::initializer_list<int> inputs) {
  return load.sessions.at(static_cast<std::size_t>(*inputs.begin()));
}

void hook(std::string_view /*name*/) {}

void stopping() {}

std::unique_ptr<flux::Observer> enter(Script /*script*/, const flux::Paths& /*paths*/) {
  for (std::string text; std::getline(std::cin, text);) {
    std::istringstream line{text};
    read(line);
  }
  for (std::size_t place = 0; place < load.openings.size(); ++place) {
    coming.emplace(load.openings[place], place);
  }
  virtual_time::begin(load.expected);
  return std::make_unique<Watcher>();
}

void tell(std::ostream& out) {
  for (const auto& line : happened) out << line << '\n';
}

}  // namespace stage
