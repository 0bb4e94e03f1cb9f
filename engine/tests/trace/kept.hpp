// Keeps what a traced program sends.

#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "trace/record.hpp"

namespace flux::tests {

class Kept final : public trace::Sink {
 public:
  void take(std::unique_ptr<trace::Record> record) noexcept override {
    const std::scoped_lock guarded{guard_};
    records.push_back(std::move(record));
  }

  std::vector<std::unique_ptr<trace::Record>> records{};

 private:
  std::mutex guard_{};
};

}  // namespace flux::tests
