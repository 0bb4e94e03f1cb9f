#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <flux/options.hpp>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "profile/place.hpp"
#include "trace/receiver.hpp"

namespace flux {

namespace {

[[noreturn]] void refuse(std::string_view option, const std::string& remedy) {
  throw BadUsage{"`" + std::string{option} + "` " + remedy};
}

struct Range {
  std::size_t low;
  std::size_t high;
  const char* unit = "";
};

constexpr Range counts{1, 1'000'000};           // threads, or places: they take memory at once
constexpr Range cores{1, 64};                   // the loops that a descriptor can be known to
constexpr Range stacks{32, 1'048'576, " KiB"};  // what libc itself puts on a stack must have room
constexpr Range stalls{0, 1'000'000, " ms"};
constexpr Range processes{1, 64};
constexpr Range chances{1, 1'000'000'000};

// What only one runtime has a use for.
struct Use {
  std::string_view option;
  RuntimeKind runtime;
};

constexpr std::array uses{
    Use{"--threads", RuntimeKind::pool}, Use{"--queue", RuntimeKind::pool},
    Use{"--cores", RuntimeKind::event},  Use{"--stack", RuntimeKind::event},
    Use{"--stall", RuntimeKind::event},
};

std::string grouped(std::size_t number) {
  std::string text = std::to_string(number);
  for (std::size_t place = text.size(); place > 3;) {
    text.insert(place -= 3, 1, ',');
  }
  return text;
}

std::string text_of(const Range& range) {
  return "from " + grouped(range.low) + " to " + grouped(range.high) + range.unit;
}

void check_count(std::string_view option, std::size_t count, const Range& range = counts) {
  if (count < range.low || count > range.high) {
    refuse(option, "must be " + text_of(range));
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

std::size_t count(std::string_view option, std::string_view text, const Range& range = counts) {
  const std::string remedy = "must be a number " + text_of(range);
  const auto number = parsed<std::size_t>(option, text, remedy.c_str());
  check_count(option, number, range);
  return number;
}

struct Named {
  std::string_view name;
  RuntimeKind kind;
};

constexpr std::array runtimes{
    Named{"thread", RuntimeKind::thread},
    Named{"pool", RuntimeKind::pool},
    Named{"event", RuntimeKind::event},
};

std::string name_of(RuntimeKind kind) {
  const auto is_it = [kind](const Named& each) { return each.kind == kind; };
  return std::string{std::find_if(runtimes.begin(), runtimes.end(), is_it)->name};
}

RuntimeKind runtime(std::string_view option, std::string_view text) {
  for (const Named& each : runtimes) {
    if (each.name == text) {
      return each.kind;
    }
  }
  refuse(option, "must be `thread`, `pool` or `event`, not `" + std::string{text} + "`");
}

std::string named(std::string_view option, std::string_view value, const char* what) {
  if (value.empty()) {
    refuse(option, std::string{"must name "} + what);
  }
  return std::string{value};
}

// A mistake is told before the server runs, not when what it has counted can't be written.
std::string file_to_write(std::string_view option, std::string_view value) {
  const std::string name = named(option, value, "a file");
  const auto folder = std::filesystem::path{name}.parent_path();
  std::error_code ignored;
  if (!folder.empty() && !std::filesystem::is_directory(folder, ignored)) {
    refuse(option, "must be in a folder that is there, which " + folder.string() + " isn't");
  }
  return name;
}

std::string place(std::string_view option, std::string_view value) {
  std::string text{value};
  try {
    static_cast<void>(profile::Place::parse(text));
  } catch (const std::invalid_argument& wrong) {
    refuse(option, wrong.what());
  }
  return text;
}

std::string receiver(std::string_view option, std::string_view value) {
  std::string url{value};
  try {
    static_cast<void>(trace::Receiver::parse(url));
  } catch (const std::invalid_argument& wrong) {
    refuse(option, wrong.what());
  }
  return url;
}

void set(Options& options, std::string_view option, std::string_view value) {
  if (option == "--runtime") {
    options.runtime = runtime(option, value);
  } else if (option == "--threads") {
    options.threads = count(option, value);
  } else if (option == "--queue") {
    options.queue = count(option, value);
  } else if (option == "--cores") {
    options.cores = count(option, value, cores);
  } else if (option == "--stack") {
    options.stack = count(option, value, stacks);
  } else if (option == "--stall") {
    options.stall = count(option, value, stalls);
  } else if (option == "--max-flows") {
    options.max_flows = count(option, value);
  } else if (option == "--workers") {
    options.workers = count(option, value, processes);
  } else if (option == "--start-timeout") {
    options.start_timeout = parsed<double>(option, value, "must be a number of seconds");
  } else if (option == "--drain") {
    options.drain = parsed<double>(option, value, "must be a number of seconds");
  } else if (option == "--profile-file") {
    options.profile_file = file_to_write(option, value);
  } else if (option == "--profile-listen") {
    options.profile_listen = place(option, value);
  } else if (option == "--profile-token-file") {
    options.profile_token_file = named(option, value, "a file");
  } else if (option == "--trace") {
    options.trace = receiver(option, value);
  } else if (option == "--trace-every") {
    options.trace_every = count(option, value, chances);
  } else {
    refuse(option, "is no option; put the program's own arguments behind `--`");
  }
}

// An option that would be ignored is most likely a mistake.
void check_uses(const std::vector<std::string_view>& given, RuntimeKind runtime) {
  for (const auto& [option, needed] : uses) {
    const bool is_given = std::find(given.begin(), given.end(), option) != given.end();
    if (is_given && runtime != needed) {
      refuse(option, "is for `--runtime " + name_of(needed) + "`, and this is `--runtime " +
                         name_of(runtime) + "`");
    }
  }
}

// What says more of another option.
constexpr std::array needs{
    std::pair<std::string_view, std::string_view>{"--profile-token-file", "--profile-listen"},
    std::pair<std::string_view, std::string_view>{"--trace-every", "--trace"},
    std::pair<std::string_view, std::string_view>{"--start-timeout", "--workers"},
};

void check_needs(const std::vector<std::string_view>& given) {
  const auto is_given = [&](std::string_view option) {
    return std::find(given.begin(), given.end(), option) != given.end();
  };
  for (const auto& [option, needed] : needs) {
    if (is_given(option) && !is_given(needed)) {
      refuse(option, "is for `" + std::string{needed} + "`, which is not given");
    }
  }
}

}  // namespace

std::size_t default_threads() noexcept {
  return std::min<std::size_t>(32, std::max(1U, std::thread::hardware_concurrency()) + 4);
}

void check(const Options& options) {
  check_count("--threads", options.threads);
  check_count("--queue", options.queue);
  check_count("--cores", options.cores, cores);
  check_count("--stack", options.stack, stacks);
  check_count("--stall", options.stall, stalls);
  check_count("--max-flows", options.max_flows.value_or(1));
  check_count("--workers", options.workers.value_or(1), processes);
  check_count("--trace-every", options.trace_every, chances);
  if (!(options.start_timeout > 0)) {  // not a number is neither
    refuse("--start-timeout", "must be more than 0 seconds");
  }
  if (!(options.drain >= 0)) {
    refuse("--drain", "must be 0 seconds or more");
  }
}

Usage parse(int argc, const char* const* argv) {
  const std::vector<std::string_view> words(argv + std::min(argc, 1), argv + argc);
  const auto end = std::find(words.begin(), words.end(), "--");
  Usage usage;
  std::vector<std::string_view> given;
  for (auto word = words.begin(); word != end;) {
    const std::string_view option = *word++;
    if (option == "--help") {
      usage.help = true;
    } else if (option == "--version") {
      usage.version = true;
    } else if (option == "--profile") {
      usage.options.profile = true;
    } else if (const auto equals = option.find('='); equals != option.npos) {
      set(usage.options, given.emplace_back(option.substr(0, equals)), option.substr(equals + 1));
    } else {
      set(usage.options, given.emplace_back(option), word != end ? *word++ : "");
    }
  }
  auto& arguments = usage.options.arguments;
  arguments.emplace_back(argc > 0 ? argv[0] : "");
  arguments.insert(arguments.end(), end + (end != words.end() ? 1 : 0), words.end());
  check(usage.options);
  check_uses(given, usage.options.runtime);
  check_needs(given);
  return usage;
}

}  // namespace flux
