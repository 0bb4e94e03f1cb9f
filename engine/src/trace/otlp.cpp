#include "otlp.hpp"

#include <unistd.h>

#include <algorithm>
#include <flux/source.hpp>
#include <flux/version.hpp>
#include <stdexcept>

#include "../json.hpp"

namespace flux::trace {

namespace {

constexpr std::uint64_t internal = 1;
constexpr std::uint64_t server = 2;
constexpr std::uint64_t is_error = 2;

const char* text_of(Outcome outcome) noexcept {
  constexpr const char* texts[] = {"finished", "handled", "failed"};
  return texts[static_cast<std::size_t>(outcome)];
}

void tell(Json& json, const char* key, std::string_view value) {
  json.begin('{').field("key", key).key("value").begin('{');
  json.field("stringValue", value).end('}').end('}');
}

// 64-bit numbers are texts in JSON.
void tell(Json& json, const char* key, std::uint64_t value) {
  json.begin('{').field("key", key).key("value").begin('{');
  json.field("intValue", std::to_string(value)).end('}').end('}');
}

void tell_error(Json& json, std::string_view message) {
  json.key("status").begin('{').field("code", is_error);
  if (!message.empty()) {
    json.field("message", message);
  }
  json.end('}');
}

struct Time {
  std::uint64_t from;
  std::uint64_t to;
};

// What each span begins with; its attributes follow, in a list.
void begin_span(Json& json, const Context& context, std::uint64_t parent, std::string_view name,
                const Time& time) {
  json.begin('{').field("traceId", hex(context.trace[0]) + hex(context.trace[1]));
  json.field("spanId", hex(context.span));
  if (parent != 0) {
    json.field("parentSpanId", hex(parent));
  }
  json.field("name", name);
  json.field("startTimeUnixNano", std::to_string(time.from));
  json.field("endTimeUnixNano", std::to_string(time.to));
}

std::string path_of(const Record& record, const Program& program) {
  try {
    return record.path ? program.paths.name(record.source->name, *record.path) : "(no number)";
  } catch (const std::out_of_range&) {
    return "(no number)";
  }
}

void tell_flow(Json& json, const Record& record, const Program& program) {
  begin_span(json, record.context, record.parent, record.source->name,
             {record.began, record.began + record.lasted});
  json.field("kind", server).key("attributes").begin('[');
  tell(json, "flux.program", program.name);
  tell(json, "flux.path", path_of(record, program));
  tell(json, "flux.outcome", text_of(record.outcome));
  if (record.dropped != 0) {
    tell(json, "flux.dropped", record.dropped);
  }
  json.end(']');
  if (record.outcome == Outcome::failed) {
    tell_error(json, record.error);
  }
  json.end('}');
}

std::string name_of(const Step& step) {
  switch (step.kind) {
    case Step::Kind::waited:
      return std::string{"wait for "} + step.name;
    case Step::Kind::queued:
      return "queue";
    case Step::Kind::called:
    case Step::Kind::failed:
      break;
  }
  return step.name;
}

void tell_attributes(Json& json, const Step& step) {
  json.key("attributes").begin('[');
  if (step.kind == Step::Kind::waited) {
    tell(json, "flux.constraint", step.name);
    tell(json, "flux.mode", step.reads ? "reader" : "writer");
    tell(json, "flux.scope", step.is_of_session ? "session" : "program");
  } else if (step.role == Role::predicate || step.role == Role::session) {
    tell(json, "flux.role", step.role == Role::predicate ? "predicate" : "session");
  }
  json.end(']');
}

std::string_view message_of(const Record& record, std::uint64_t number) {
  const auto found =
      std::find_if(record.messages.begin(), record.messages.end(),
                   [number](const auto& message) { return message.first == number; });
  return found != record.messages.end() ? std::string_view{found->second} : "";
}

void tell_steps(Json& json, const Record& record) {
  std::uint64_t now = record.began + record.skipped;
  for (std::size_t number = 0; number < record.steps.size(); ++number) {
    const Step& step = record.steps[number];
    begin_span(json, record.context.of_step(number), record.context.span, name_of(step),
               {now, now + step.time});
    json.field("kind", internal);
    tell_attributes(json, step);
    if (step.kind == Step::Kind::failed) {
      tell_error(json, message_of(record, number));
    }
    json.end('}');
    now += step.time;
  }
}

bool has(const Pairs& pairs, std::string_view key) noexcept {
  return std::any_of(pairs.begin(), pairs.end(),
                     [key](const auto& pair) { return pair.first == key; });
}

}  // namespace

// The name that is asked for comes before one among the attributes, as OpenTelemetry has it.
Pairs resource_of(const Program& program, const Pairs& environment, const char* service_name) {
  const std::string stem = program.name.substr(0, program.name.rfind(".flux"));
  Pairs all;
  if (service_name != nullptr && *service_name != '\0') {
    all.emplace_back("service.name", service_name);
  } else if (!has(environment, "service.name")) {
    all.emplace_back("service.name", stem);
  }
  for (const auto& pair : environment) {
    if (!has(all, pair.first)) {
      all.push_back(pair);
    }
  }
  all.emplace_back("telemetry.sdk.name", "flux");
  all.emplace_back("telemetry.sdk.language", "cpp");
  all.emplace_back("telemetry.sdk.version", version);
  if (!program.fingerprint.empty()) {
    all.emplace_back("flux.fingerprint", program.fingerprint);
  }
  return all;
}

std::string as_otlp(const std::vector<std::unique_ptr<Record>>& records, const Program& program,
                    const Pairs& resource) {
  Json json;
  json.begin('{').key("resourceSpans").begin('[').begin('{');
  json.key("resource").begin('{').key("attributes").begin('[');
  for (const auto& [key, value] : resource) {
    tell(json, key.c_str(), value);
  }
  tell(json, "process.pid", static_cast<std::uint64_t>(getpid()));
  json.end(']').end('}').key("scopeSpans").begin('[').begin('{');
  json.key("scope").begin('{').field("name", "flux").field("version", version).end('}');
  json.key("spans").begin('[');
  for (const auto& record : records) {
    tell_flow(json, *record, program);
    tell_steps(json, *record);
  }
  return json.end(']').end('}').end(']').end('}').end(']').end('}').take();
}

std::size_t spans_of(const Record& record) noexcept { return 1 + record.steps.size(); }

}  // namespace flux::trace
