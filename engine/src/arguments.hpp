// A program's arguments as `main` has them, for as long as the program runs.

#pragma once

#include <string>
#include <utility>
#include <vector>

namespace flux {

class Arguments {
 public:
  explicit Arguments(std::vector<std::string> texts) : texts_{std::move(texts)} {
    for (std::string& text : texts_) {
      pointers_.push_back(text.data());
    }
    pointers_.push_back(nullptr);
  }

  int count() const noexcept { return static_cast<int>(texts_.size()); }
  char** values() noexcept { return pointers_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<char*> pointers_{};
};

}  // namespace flux
