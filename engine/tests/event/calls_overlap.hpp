// For each intercepted call a case in which two fibers overlap.

#pragma once

#include <span>

namespace flux::tests {

struct OverlapCase {
  const char* call;
  void (*run)();
};

// By what they are about, a file each.
std::span<const OverlapCase> reading_cases();
std::span<const OverlapCase> writing_cases();
std::span<const OverlapCase> connecting_cases();
std::span<const OverlapCase> polling_cases();
std::span<const OverlapCase> file_cases();
std::span<const OverlapCase> other_cases();

}  // namespace flux::tests
