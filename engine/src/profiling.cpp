#include "profiling.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "trace/otlp.hpp"
#include "workers/worker.hpp"
#include "writing.hpp"

namespace flux {

namespace {

// How many threads carry flows, if that is known before.
std::size_t threads_of(const Options& options) noexcept {
  switch (options.runtime) {
    case RuntimeKind::pool:
      return options.threads;
    case RuntimeKind::event:
      return options.cores;
    case RuntimeKind::thread:
      break;
  }
  return 0;
}

// `image.flux` -> `image.profile.json`.
std::string default_file(const std::string& program) {
  constexpr std::string_view ending = ".flux";
  const bool ends_so = program.ends_with(ending);
  return program.substr(0, program.size() - (ends_so ? ending.size() : 0)) + ".profile.json";
}

std::string token_in(const std::string& name) {
  std::ifstream file{name};
  std::string token;
  if (!std::getline(file, token) || token.empty()) {
    throw std::runtime_error{"`--profile-token-file`: " + name + " has no token in its first line"};
  }
  return token;
}

trace::Pairs pairs_in(const char* variable) {
  const char* const text = std::getenv(variable);
  try {
    return trace::pairs_of(text != nullptr ? text : "");
  } catch (const std::invalid_argument& wrong) {
    throw std::runtime_error{std::string{variable} + " " + wrong.what()};
  }
}

}  // namespace

Profiling::Profiling(const Program& program, const Options& options, Reports& reports)
    : program_{program},
      options_{options},
      reports_{reports},
      profiler_{program.sources, threads_of(options)} {}

void Profiling::start() {
  trace();
  if (options_.profile || sender_) {
    profiler_.start();
  }
  if (!options_.profile_listen) {
    return;
  }
  auto place = profile::Place::parse(*options_.profile_listen);
  if (const auto* const worker = workers::own()) place = place.of_worker(worker->number());
  const std::string token =
      options_.profile_token_file ? token_in(*options_.profile_token_file) : "";
  if (token.empty() && !place.is_of_this_machine()) {
    throw std::runtime_error{"`--profile-listen` beyond this machine needs `--profile-token-file`"};
  }
  socket_ = std::make_unique<profile::Socket>(
      place, profile::Answers{profiler_, {program_, options_}, token});
  std::fprintf(stderr, "flux: profile at %s\n", socket_->address().c_str());
}

// The environment says what OpenTelemetry lets it say.
void Profiling::trace() {
  if (!options_.trace) {
    return;
  }
  auto receiver = trace::Receiver::parse(*options_.trace);
  receiver.headers = pairs_in("OTEL_EXPORTER_OTLP_HEADERS");
  auto resource = trace::resource_of(program_, pairs_in("OTEL_RESOURCE_ATTRIBUTES"),
                                     std::getenv("OTEL_SERVICE_NAME"));
  sender_ = std::make_unique<trace::Sender>(std::move(receiver), program_, std::move(resource));
  profiler_.trace(options_.trace_every, *sender_);
}

void Profiling::toggle() noexcept {
  try {
    if (!profiler_.is_on()) {
      profiler_.start();
      std::fprintf(stderr, "flux: profile: on\n");
      return;
    }
  } catch (...) {
    reports_.exception("profile");
    return;
  }
  profiler_.stop();
  write();
}

void Profiling::finish() noexcept {
  if (options_.profile || options_.profile_file) {
    write();
  }
  socket_.reset();
  if (sender_) {
    sender_->finish(std::chrono::steady_clock::now() + std::chrono::seconds{2});
  }
}

void Profiling::write() noexcept {
  try {
    const std::string name =
        workers::own_file(options_.profile_file.value_or(default_file(program_.name)));
    write_whole(name, profiler_.read([&](const profile::Ledger& ledger, const profile::Span& span) {
      return profile::as_json(ledger, span, {program_, options_});
    }));
    std::fprintf(stderr, "flux: profile: written to %s\n", name.c_str());
  } catch (...) {
    reports_.exception("profile");
  }
}

}  // namespace flux
