// The exit statuses of workers, and the one that the server has for them.

#pragma once

#include <algorithm>
#include <vector>

namespace flux::workers {

class Statuses {
 public:
  static constexpr int failed = 1;
  static constexpr int cut = 4;  // flows

  void add(int status) { all_.push_back(status); }

  // The first failure, or else that flows were cut, or else 0.
  int together() const noexcept {
    const auto is_failure = [](int each) { return each != 0 && each != cut; };
    const auto failure = std::ranges::find_if(all_, is_failure);
    if (failure != all_.end()) return *failure;
    return all_.empty() ? 0 : std::ranges::max(all_);
  }

 private:
  std::vector<int> all_{};
};

}  // namespace flux::workers
