#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <flux/simulator/input.hpp>
#include <vector>

namespace flux::simulator {
namespace {

// Words of standard input; whoever writes them is our own program, so a bad one ends this one.
class Reader {
 public:
  double number() {
    char* end = nullptr;
    const double value = std::strtod(word(), &end);
    return *end == '\0' ? value : refuse();
  }

  std::uint64_t count() {
    char* end = nullptr;
    const std::uint64_t value = std::strtoull(word(), &end, 10);
    return *end == '\0' ? value : static_cast<std::uint64_t>(refuse());
  }

  std::vector<double> numbers() {
    std::vector<double> all(count());
    for (double& each : all) {
      each = number();
    }
    return all;
  }

  Time time() {
    const auto kind = static_cast<TimeKind>(count());
    return Time{kind, numbers()};
  }

 private:
  const char* word() {
    if (std::scanf("%63s", word_.data()) != 1) {
      refuse();
    }
    return word_.data();
  }

  [[noreturn]] static double refuse() {
    std::fputs("the numbers of the model end too early, or are none\n", stderr);
    std::exit(2);
  }

  std::array<char, 64> word_{};
};

Arrivals read_arrivals(Reader& reader) {
  Arrivals read;
  read.kind = static_cast<Arrivals::Kind>(reader.count());
  read.size = reader.count();
  read.time = reader.time();
  read.recorded = reader.numbers();
  read.totals = reader.numbers();
  return read;
}

}  // namespace

Input::Input() = default;
Input::Input(Input&&) noexcept = default;
Input::~Input() = default;

Input read_input(std::size_t functions, std::size_t sources) {
  Reader reader;
  Input read;
  read.seed = reader.count();
  read.flows = reader.count();
  read.warmup = reader.count();
  read.most = reader.count();
  read.processors = static_cast<std::uint32_t>(reader.count());
  read.threads = reader.count();
  read.places = reader.count();
  read.patience = reader.number();
  read.wakeup = reader.number();
  read.interval = reader.number();
  read.sessions = reader.number();
  read.overhead = reader.time();
  read.overhead_released = reader.number();
  for (std::size_t n = 0; n < functions; ++n) {
    read.cpu.push_back(reader.time());
    read.io.push_back(reader.time());
    read.released.push_back(reader.number());
  }
  for (std::size_t n = 0; n < sources; ++n) {
    read.arrivals.push_back(read_arrivals(reader));
  }
  return read;
}

}  // namespace flux::simulator
