#include <algorithm>
#include <charconv>
#include <flux/options.hpp>
#include <string_view>
#include <thread>
#include <utility>

namespace flux {

namespace {

// Threads, or places for flows: these take memory before there is any flow.
constexpr std::size_t most = 1'000'000;

[[noreturn]] void refuse(std::string_view option, const std::string& remedy) {
  throw BadUsage{"`" + std::string{option} + "` " + remedy};
}

void check_count(std::string_view option, std::size_t count) {
  if (count < 1 || count > most) {
    refuse(option, "must be from 1 to 1,000,000");
  }
}

template <class Number>
Number parsed(std::string_view option, std::string_view text, const char* remedy) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    refuse(option, std::string{remedy} + ", not `" + std::string{text} + "`");
  }
  return number;
}

std::size_t count(std::string_view option, std::string_view text) {
  const auto number = parsed<std::size_t>(option, text, "must be a number from 1 to 1,000,000");
  check_count(option, number);
  return number;
}

RuntimeKind runtime(std::string_view option, std::string_view text) {
  if (text == "thread") {
    return RuntimeKind::thread;
  }
  if (text == "pool") {
    return RuntimeKind::pool;
  }
  refuse(option, "must be `thread` or `pool`, not `" + std::string{text} + "`");
}

void set(Options& options, std::string_view option, std::string_view value) {
  if (option == "--runtime") {
    options.runtime = runtime(option, value);
  } else if (option == "--threads") {
    options.threads = count(option, value);
  } else if (option == "--queue") {
    options.queue = count(option, value);
  } else if (option == "--max-flows") {
    options.max_flows = count(option, value);
  } else if (option == "--drain") {
    options.drain = parsed<double>(option, value, "must be a number of seconds");
  } else {
    refuse(option, "is no option; put the program's own arguments behind `--`");
  }
}

}  // namespace

std::size_t default_threads() noexcept {
  return std::min<std::size_t>(32, std::max(1U, std::thread::hardware_concurrency()) + 4);
}

void check(const Options& options) {
  check_count("--threads", options.threads);
  check_count("--queue", options.queue);
  check_count("--max-flows", options.max_flows.value_or(1));
  if (!(options.drain >= 0)) {  // not a number is neither
    refuse("--drain", "must be 0 seconds or more");
  }
}

Usage parse(int argc, const char* const* argv) {
  const std::vector<std::string_view> words(argv + std::min(argc, 1), argv + argc);
  const auto end = std::find(words.begin(), words.end(), "--");
  Usage usage;
  for (auto word = words.begin(); word != end;) {
    const std::string_view option = *word++;
    if (option == "--help") {
      usage.help = true;
    } else if (option == "--version") {
      usage.version = true;
    } else if (const auto equals = option.find('='); equals != option.npos) {
      set(usage.options, option.substr(0, equals), option.substr(equals + 1));
    } else {
      set(usage.options, option, word != end ? *word++ : "");
    }
  }
  auto& arguments = usage.options.arguments;
  arguments.emplace_back(argc > 0 ? argv[0] : "");
  arguments.insert(arguments.end(), end + (end != words.end() ? 1 : 0), words.end());
  check(usage.options);
  return usage;
}

std::string help(const std::string& program) {
  return "Usage: " + program + R"( [OPTIONS] [-- ARGS...]

Options:
  --runtime thread|pool  A thread for each flow, or a pool of threads that
                         share a queue.  [default: thread]
  --threads N            The size of the pool.
  --queue N              Flows that may wait for it.  [default: 1024]
  --max-flows N          Flows alive at a time.
  --drain SECONDS        How long flows may take to finish when the server is
                         stopped.  [default: 25]
  --version              Tell the version.
  --help                 Show this.

ARGS are for the program's functions. SIGTERM and SIGINT stop the server: flows
in flight finish first. Exits with 0, or with 4 if some were cut short.
)";
}

}  // namespace flux
