// Text for Prometheus (its exposition format, version 0.0.4).

#include <cstdio>

#include "report.hpp"

namespace flux::profile {

namespace {

using Labels = std::vector<std::pair<const char*, std::string>>;

// Histograms are told at 1 us, 4 us, 16 us ... 17 s: powers of 4 of nanoseconds.
constexpr unsigned first_power = 10;
constexpr unsigned last_power = 34;

std::string escaped(const std::string& text) {
  std::string shown;
  for (const char each : text) {
    if (each == '\n') {
      shown += "\\n";
    } else if (each == '"' || each == '\\') {
      (shown += '\\') += each;
    } else {
      shown += each;
    }
  }
  return shown;
}

std::string braced(const Labels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    text += (text.empty() ? "{" : ",") + std::string{name} + "=\"" + escaped(value) + "\"";
  }
  return text.empty() ? text : text + "}";
}

std::string seconds(std::uint64_t nanoseconds) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.9f", static_cast<double>(nanoseconds) / 1e9);
  return digits;
}

// Families of samples, one after the other; a sample has the name of its family.
class Page {
 public:
  void family(const char* name, const char* type, const char* help) {
    name_ = name;
    text_ += "# HELP " + name_ + " " + help + "\n# TYPE " + name_ + " " + type + "\n";
  }

  void count(const Labels& labels, std::uint64_t value) { add("", labels, std::to_string(value)); }

  void time(const Labels& labels, std::uint64_t nanoseconds) {
    add("", labels, seconds(nanoseconds));
  }

  void histogram(Labels labels, const Histogram& histogram) {
    const Labels plain = labels;
    std::string& bound = labels.emplace_back("le", "").second;
    for (unsigned power = first_power; power <= last_power; power += 2) {
      bound = seconds(std::uint64_t{1} << power);
      add("_bucket", labels, std::to_string(below(histogram, power)));
    }
    bound = "+Inf";
    add("_bucket", labels, std::to_string(histogram.count()));
    add("_sum", plain, seconds(histogram.total()));
    add("_count", plain, std::to_string(histogram.count()));
  }

  std::string take() { return std::move(text_); }

 private:
  static std::uint64_t below(const Histogram& histogram, unsigned power) {
    const std::size_t limit = Histogram::bucket_of(std::uint64_t{1} << power);
    std::uint64_t sum = 0;
    histogram.each_bucket(
        [&](std::size_t bucket, std::uint64_t count) { sum += bucket < limit ? count : 0; });
    return sum;
  }

  void add(const char* suffix, const Labels& labels, const std::string& value) {
    text_ += name_ + suffix + braced(labels) + " " + value + "\n";
  }

  std::string name_{};
  std::string text_{};
};

void tell_whole(Page& page, const Span& span, std::size_t live) {
  page.family("flux_profile_on", "gauge", "Whether flows that begin now count.");
  page.count({}, span.is_on ? 1 : 0);
  page.family("flux_profile_seconds_total", "counter", "For how long the profile has been on.");
  page.time({}, span.elapsed);
  page.family("flux_profile_cpu_seconds_total", "counter",
              "How much processor time the process used in that time.");
  page.time({}, span.cpu);
  page.family("flux_flows_live", "gauge", "Counted flows that live.");
  page.count({}, live);
}

void tell_sources(Page& page, const Ledger& ledger) {
  page.family("flux_source_flows_total", "counter", "Flows that began.");
  for (const SourceCounts& each : ledger.sources()) {
    page.count({{"source", each.source->name}}, each.started - each.dropped);
  }
  page.family("flux_source_dropped_total", "counter", "Turns that failed.");
  for (const SourceCounts& each : ledger.sources()) {
    page.count({{"source", each.source->name}}, each.dropped);
  }
}

Labels labels_of(const PathKey& key) {
  return {{"source", key.source->name},
          {"path", key.number ? std::to_string(*key.number) : ""},
          {"outcome", text_of(key.outcome)}};
}

void tell_paths(Page& page, const Ledger& ledger) {
  const auto tell = [&](const char* name, const char* help, auto sample) {
    page.family(name, "counter", help);
    for (const auto& [key, counts] : ledger.paths()) {
      if (counts.flows != 0) {
        sample(labels_of(key), counts);
      }
    }
  };
  tell("flux_path_flows_total", "Flows that ended.",
       [&](const Labels& labels, const auto& its) { page.count(labels, its.flows); });
  tell("flux_path_seconds_total", "Their time.",
       [&](const Labels& labels, const auto& its) { page.time(labels, its.wall.total()); });
  tell("flux_path_waiting_seconds_total", "Their time of waiting for constraints.",
       [&](const Labels& labels, const auto& its) { page.time(labels, its.waiting.total()); });
  tell("flux_path_queued_seconds_total", "Their time in the queue.",
       [&](const Labels& labels, const auto& its) { page.time(labels, its.queued.total()); });
}

void tell_nodes(Page& page, const Ledger& ledger, const Program& program) {
  const auto tell = [&](const char* name, const char* type, const char* help, auto sample) {
    page.family(name, type, help);
    each_node(ledger, program, [&](const char* node, Role role, const NodeCounts& its) {
      sample(Labels{{"node", node}, {"kind", text_of(role)}}, its);
    });
  };
  tell("flux_node_calls_total", "counter", "Calls of nodes.",
       [&](const Labels& labels, const auto& its) { page.count(labels, its.wall.count()); });
  tell("flux_node_failures_total", "counter", "Calls that failed.",
       [&](const Labels& labels, const auto& its) { page.count(labels, its.failures); });
  tell("flux_node_seconds", "histogram", "Times of calls.",
       [&](const Labels& labels, const auto& its) { page.histogram(labels, its.wall); });
}

void tell_constraints(Page& page, const Ledger& ledger) {
  const auto tell = [&](const char* name, const char* help, auto sample) {
    page.family(name, "counter", help);
    for (const auto& each : ledger.constraints()) {
      const ConstraintKey& key = each->key;
      sample(Labels{{"constraint", key.name},
                    {"mode", key.reads ? "reader" : "writer"},
                    {"scope", key.is_of_session ? "session" : "program"}},
             *each);
    }
  };
  tell("flux_constraint_acquired_total", "How often constraints were taken.",
       [&](const Labels& labels, const auto& its) { page.count(labels, its.acquired()); });
  tell("flux_constraint_contended_total", "How often somebody had to wait for them.",
       [&](const Labels& labels, const auto& its) { page.count(labels, its.contended()); });
  tell("flux_constraint_waiting_seconds_total", "For how long.",
       [&](const Labels& labels, const auto& its) { page.time(labels, its.waiting.total()); });
  tell("flux_constraint_holding_seconds_total", "For how long they were held.",
       [&](const Labels& labels, const auto& its) { page.time(labels, its.holding.total()); });
}

void tell_cases(Page& page, const Ledger& ledger, const Program& program) {
  page.family("flux_case_total", "counter", "How often cases were chosen.");
  for (const auto& [label, count] : cases_of(ledger, program)) {
    const std::size_t colon = label.find(':');
    page.count({{"node", label.substr(0, colon)}, {"case", label.substr(colon + 1)}}, count);
  }
}

}  // namespace

std::string as_metrics(const Ledger& ledger, const Span& span, const About& about) {
  Page page;
  tell_whole(page, span, span.live);
  tell_sources(page, ledger);
  tell_paths(page, ledger);
  tell_nodes(page, ledger, about.program);
  tell_constraints(page, ledger);
  tell_cases(page, ledger, about.program);
  return page.take();
}

}  // namespace flux::profile
