#include "tally.hpp"

#include <sstream>

namespace load {

std::string Tally::json(double cpu_seconds) const {
  std::ostringstream out;
  out << "{\"offered\": " << offered << ", \"unsent\": " << unsent << ", \"replies\": " << replies
      << ", \"in_time\": " << in_time << ", \"soon\": " << soon << ", \"connects\": " << connects
      << ", \"failures\": {";
  const char* separator = "";
  for (std::size_t i = 0; i < failures.size(); ++i) {
    if (failures[i] == 0) continue;
    out << separator << '"' << failure_names[i] << "\": " << failures[i];
    separator = ", ";
  }
  const auto microseconds = [](std::uint64_t each) { return static_cast<double>(each) / 1000; };
  out << "}, \"mean_us\": " << latencies.mean() / 1000
      << ", \"p50_us\": " << microseconds(latencies.quantile(0.5))
      << ", \"p99_us\": " << microseconds(latencies.quantile(0.99))
      << ", \"max_us\": " << microseconds(latencies.longest()) << ", \"awaited\": " << awaited
      << ", \"lost\": " << lost << ", \"turned_away\": " << turned_away
      << ", \"cpu_seconds\": " << cpu_seconds << "}";
  return out.str();
}

}  // namespace load
