#include "report.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <flux/version.hpp>
#include <map>
#include <numeric>
#include <stdexcept>
#include <thread>

#include "../json.hpp"
#include "wakeup.hpp"

namespace flux::profile {

namespace {

// Those that `taskset` and the like leave to the program, which may be fewer than there are; asked
// for at the start, because loops keep their threads on one.
std::uint64_t count_processors() noexcept {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
    return std::max(1U, std::thread::hardware_concurrency());
  }
  return static_cast<std::uint64_t>(CPU_COUNT(&allowed));
}

const std::uint64_t processors = count_processors();

void tell(Json& json, const char* name, const Histogram& histogram) {
  json.key(name).begin('{');
  json.field("count", histogram.count());
  json.field("total", histogram.total());
  json.field("max", histogram.max());
  json.key("buckets").begin('[');
  histogram.each_bucket([&](std::size_t bucket, std::uint64_t count) {
    json.begin('[').value(std::uint64_t{bucket}).value(count).end(']');
  });
  json.end(']').end('}');
}

const char* name_of(RuntimeKind runtime) noexcept {
  switch (runtime) {
    case RuntimeKind::pool:
      return "pool";
    case RuntimeKind::event:
      return "event";
    case RuntimeKind::thread:
      break;
  }
  return "thread";
}

void tell_server(Json& json, const Options& options) {
  const auto if_it_is = [&](RuntimeKind runtime, std::size_t number) {
    return options.runtime == runtime ? std::optional<std::uint64_t>{number} : std::nullopt;
  };
  json.key("server").begin('{');
  json.field("target", "cpp").field("runtime", name_of(options.runtime));
  json.field("threads", if_it_is(RuntimeKind::pool, options.threads));
  json.field("queue", if_it_is(RuntimeKind::pool, options.queue));
  json.field("cores", if_it_is(RuntimeKind::event, options.cores));
  json.field("max_flows", std::optional<std::uint64_t>{options.max_flows});
  json.field("processors", processors).field("wakeup", wakeup());
  json.field("pid", static_cast<std::uint64_t>(getpid())).end('}');
}

void tell_path(Json& json, const PathKey& key, const PathCounts& counts, const Program& program) {
  json.begin('{').field("source", key.source->name).field("path", key.number);
  json.field("name", name_of(key, program)).field("outcome", text_of(key.outcome));
  json.field("count", counts.flows);
  tell(json, "wall", counts.wall);
  tell(json, "waiting", counts.waiting);
  tell(json, "queued", counts.queued);
  tell(json, "cpu", counts.cpu);
  json.key("spent").begin('[');
  for (const auto& [number, time] : counts.spent) {
    json.begin('[').value(program.nodes[number - 1].name).value(time).end(']');
  }
  json.end(']').end('}');
}

void tell_paths(Json& json, const Ledger& ledger, const Program& program) {
  json.key("paths").begin('[');
  for (const auto& [key, counts] : ledger.paths()) {
    if (counts.flows != 0) {
      tell_path(json, key, counts, program);
    }
  }
  json.end(']');
}

void tell_nodes(Json& json, const Ledger& ledger, const Program& program) {
  json.key("nodes").begin('[');
  each_node(ledger, program, [&](const char* name, Role role, const NodeCounts& its) {
    json.begin('{').field("node", name).field("kind", text_of(role));
    json.field("calls", its.wall.count()).field("failures", its.failures);
    tell(json, "wall", its.wall);
    tell(json, "cpu", its.cpu);
    json.end('}');
  });
  json.end(']');
}

void tell_constraints(Json& json, const Ledger& ledger) {
  json.key("constraints").begin('[');
  for (const auto& each : ledger.constraints()) {
    json.begin('{').field("constraint", each->key.name);
    json.field("mode", each->key.reads ? "reader" : "writer");
    json.field("scope", each->key.is_of_session ? "session" : "program");
    json.field("acquired", each->acquired()).field("contended", each->contended());
    tell(json, "waiting", each->waiting);
    tell(json, "holding", each->holding);
    json.end('}');
  }
  json.end(']');
}

void tell_cases(Json& json, const Ledger& ledger, const Program& program) {
  json.key("cases").begin('[');
  for (const auto& [label, count] : cases_of(ledger, program)) {
    const std::size_t colon = label.find(':');
    json.begin('{').field("node", std::string_view{label}.substr(0, colon));
    json.field("case", std::string_view{label}.substr(colon + 1)).field("count", count).end('}');
  }
  json.end(']');
}

void tell_sources(Json& json, const Ledger& ledger, const Span& span) {
  json.key("sources").begin('[');
  for (const SourceCounts& each : ledger.sources()) {
    json.begin('{').field("source", each.source->name).field("target", each.source->target);
    json.field("started", each.started - each.dropped).field("dropped", each.dropped);
    const auto& spread = span.spread;
    json.field("spreads", std::find(spread.begin(), spread.end(), each.source) != spread.end());
    tell(json, "gaps", each.gaps);
    json.end('}');
  }
  json.end(']');
}

void tell_list(Json& json, const char* name, const std::vector<std::string>& texts) {
  json.key(name).begin('[');
  for (const std::string& each : texts) {
    json.value(each);
  }
  json.end(']');
}

void tell_flow(Json& json, const Live& flow) {
  const bool waits = !flow.awaits.empty();
  json.begin('{').field("source", flow.source->name).field("target", flow.source->target);
  json.key("node");
  flow.node != nullptr ? json.value(flow.node) : json.null();
  json.field("state", flow.is_queued ? "queued" : waits ? "waits" : "runs");
  tell_list(json, "holds", flow.holds);
  json.field("awaits", waits ? std::optional{std::string_view{flow.awaits}} : std::nullopt);
  json.field("age", flow.age).end('}');
}

// Of the flows that have ended.
std::uint64_t timed_in(const Ledger& ledger) noexcept {
  const auto add = [](std::uint64_t sum, const auto& path) { return sum + path.second.timed; };
  return std::accumulate(ledger.paths().begin(), ledger.paths().end(), std::uint64_t{0}, add);
}

}  // namespace

std::string as_json(const Ledger& ledger, const Span& span, const About& about) {
  const Program& program = about.program;
  Json json;
  json.begin('{').field("format", "flux-profile").field("version", std::uint64_t{1});
  json.field("program", program.name).key("fingerprint");
  program.fingerprint.empty() ? json.null() : json.value(program.fingerprint);
  json.field("flux", version);
  tell_server(json, about.options);
  json.field("on", span.is_on);
  json.field("began", span.began != 0 ? std::optional{span.began} : std::nullopt);
  json.field("elapsed", span.elapsed).field("cpu", span.cpu).field("cpu_every", cpu_every);
  json.field("timed", timed_in(ledger));
  tell_paths(json, ledger, program);
  tell_nodes(json, ledger, program);
  tell_constraints(json, ledger);
  tell_cases(json, ledger, program);
  tell_sources(json, ledger, span);
  return json.end('}').take() + "\n";
}

std::string as_flows(const std::pair<std::vector<Live>, std::size_t>& flows, bool is_on) {
  Json json;
  json.begin('{').key("flows").begin('[');
  for (const Live& each : flows.first) {
    tell_flow(json, each);
  }
  json.end(']').field("more", std::uint64_t{flows.second}).field("on", is_on);
  return json.end('}').take() + "\n";
}

std::string as_paths(const Ledger& ledger, const About& about) {
  std::vector<const Ledger::Paths::value_type*> paths;
  for (const auto& each : ledger.paths()) {
    if (each.second.flows != 0) {
      paths.push_back(&each);
    }
  }
  std::sort(paths.begin(), paths.end(), [](const auto* a, const auto* b) {
    return a->second.wall.total() > b->second.wall.total();
  });
  std::string text = "       count     total ms      mean us  path\n";
  for (const auto* each : paths) {
    const Histogram& wall = each->second.wall;
    const auto total = static_cast<double>(wall.total());
    char figures[64];
    std::snprintf(figures, sizeof figures, "%12llu %12.3f %12.3f  ",
                  static_cast<unsigned long long>(each->second.flows), total / 1e6,
                  total / 1e3 / static_cast<double>(std::max<std::uint64_t>(wall.count(), 1)));
    text += figures + name_of(each->first, about.program) + "\n";
  }
  return text;
}

std::string name_of(const PathKey& key, const Program& program) {
  try {
    return key.number ? program.paths.name(key.source->name, *key.number) : "(no number)";
  } catch (const std::out_of_range&) {
    return "(no number)";
  }
}

const char* text_of(Outcome outcome) noexcept {
  constexpr std::array texts{"finished", "handled", "failed"};
  return texts[static_cast<std::size_t>(outcome)];
}

const char* text_of(Role role) noexcept {
  constexpr std::array texts{"node", "opening", "predicate", "session"};
  return texts[static_cast<std::size_t>(role)];
}

std::vector<std::pair<std::string, std::uint64_t>> cases_of(const Ledger& ledger,
                                                            const Program& program) {
  std::map<std::string, std::uint64_t> counts;
  for (const auto& [key, its] : ledger.paths()) {
    if (key.number && its.flows != 0) {
      for (const std::string& label : program.paths.cases(key.source->name, *key.number)) {
        counts[label] += its.flows;
      }
    }
  }
  return {counts.begin(), counts.end()};
}

}  // namespace flux::profile
