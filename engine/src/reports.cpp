#include "reports.hpp"

#include <unistd.h>

#include <algorithm>
#include <mutex>

namespace flux {

namespace {

constexpr double burst = 5;
constexpr double per_second = 1;
constexpr std::size_t most_kinds = 1000;

void write_to_stderr(const std::string& line) {
  const std::string whole = line + "\n";
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, whole.data(), whole.size());
}

}  // namespace

std::string printable(const std::string& text) {
  constexpr const char* digits = "0123456789abcdef";
  std::string shown;
  for (const char each : text) {
    const auto byte = static_cast<unsigned char>(each);
    if (byte < 0x20 || byte == 0x7f) {
      shown += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    } else {
      shown += each;
    }
  }
  return shown;
}

Reports::Reports() : Reports{std::chrono::steady_clock::now, write_to_stderr} {}

Reports::Reports(Clock clock, Sink sink) : clock_{std::move(clock)}, sink_{std::move(sink)} {}

void Reports::failure(const std::string& place, const Error& error) noexcept {
  try {
    tell_failure(place, error);
  } catch (...) {  // there is no memory to complain with
  }
}

void Reports::exception(const char* place) noexcept {
  const Error error = caught("", FLUX_EXCEPTION);
  try {
    tell_failure(place, error);
  } catch (...) {
  }
}

void Reports::flush() noexcept {
  try {
    const std::scoped_lock guarded{guard_};
    for (auto& [its, bucket] : buckets_) {
      if (const auto more = std::exchange(bucket.suppressed, 0)) {
        sink_("flux: " + its.first + ": " + its.second + ": " + std::to_string(more) + " more");
      }
    }
  } catch (...) {
  }
}

void Reports::tell_failure(const std::string& place, const Error& error) {
  const Time now = clock_();
  Kind its{printable(place), kind(error)};
  std::string line = "flux: " + its.first + ": " + printable(describe(error));
  const auto untold = admit(std::move(its), now);
  if (!untold) {
    return;
  }
  if (*untold > 0) {
    line += " (and " + std::to_string(*untold) + " more like it)";
  }
  sink_(line);  // which may block: nobody else waits for it
}

// How many of its kind were kept back before this one; none if it is kept back, too.
std::optional<std::uint64_t> Reports::admit(Kind kind, Time now) {
  const std::scoped_lock guarded{guard_};
  Bucket& bucket = this->bucket(std::move(kind), now);
  if (!bucket.take(now)) {
    return std::nullopt;
  }
  return std::exchange(bucket.suppressed, 0);
}

Reports::Bucket& Reports::bucket(Kind kind, Time now) {
  if (buckets_.size() >= most_kinds && !buckets_.contains(kind)) {
    kind = {"other places", "errors"};
  }
  return buckets_.try_emplace(std::move(kind), now).first->second;
}

bool Reports::Bucket::take(Time now) noexcept {
  const std::chrono::duration<double> since = now - filled;
  tokens = std::min(burst, tokens + since.count() * per_second);
  filled = now;
  if (tokens < 1) {
    ++suppressed;
    return false;
  }
  tokens -= 1;
  return true;
}

}  // namespace flux
