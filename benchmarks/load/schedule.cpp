#include "schedule.hpp"

#include <fstream>
#include <stdexcept>

namespace load {

std::vector<Planned> read_schedule(const std::string& path, std::size_t targets) {
  std::ifstream file{path};
  if (!file) throw std::runtime_error{"cannot read " + path};
  std::vector<Planned> schedule;
  double due = 0;
  std::size_t target = 0;
  while (file >> due >> target) {
    if (target >= targets) throw std::runtime_error{path + " asks for more targets than there are"};
    schedule.push_back({Seconds{due}, target});
  }
  if (schedule.empty()) throw std::runtime_error{"no requests in " + path};
  return schedule;
}

}  // namespace load
