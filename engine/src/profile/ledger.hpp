// What was counted so far, by paths, nodes, constraints and sources.

#pragma once

#include <cstdint>
#include <flux/meter.hpp>
#include <flux/source.hpp>
#include <flux/way.hpp>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "histogram.hpp"

namespace flux::profile {

// Flows on further paths are counted with those whose path has no number: clients may decide how
// many paths are taken.
inline constexpr std::size_t most_paths = 4096;

struct PathKey {
  const Source* source;
  std::optional<std::uint64_t> number;
  Outcome outcome;

  friend bool operator==(const PathKey&, const PathKey&) = default;
};

struct PathHash {
  std::size_t operator()(const PathKey& key) const noexcept;
};

struct PathCounts {
  std::uint64_t flows = 0;
  std::uint64_t timed = 0;
  Histogram wall{};
  Histogram waiting{};
  Histogram queued{};
  Histogram cpu{};

  // The time in each node, by its number, of the flows that were asked for processor time: how a
  // path's time is shared out.
  std::vector<std::pair<std::uint32_t, std::uint64_t>> spent{};

  void spend(std::uint32_t node, std::uint64_t time);
  void merge(const PathCounts& other);
  void clear() noexcept;
};

struct NodeCounts {
  std::uint64_t failures = 0;
  Histogram wall{};
  Histogram cpu{};

  void merge(const NodeCounts& other) noexcept;
  void clear() noexcept;
};

struct ConstraintKey {
  const char* name;  // the constraint's own: it stands for it
  bool reads;
  bool is_of_session;

  friend bool operator==(const ConstraintKey&, const ConstraintKey&) = default;
};

struct ConstraintCounts {
  explicit ConstraintCounts(const ConstraintKey& its_key) noexcept : key{its_key} {}

  ConstraintKey key;
  std::uint64_t at_once = 0;  // how often it was taken without a wait
  Histogram waiting{};
  Histogram holding{};

  std::uint64_t contended() const noexcept { return waiting.count(); }
  std::uint64_t acquired() const noexcept { return at_once + contended(); }

  void merge(const ConstraintCounts& other) noexcept;
  void clear() noexcept;
};

struct SourceCounts {
  explicit SourceCounts(const Source& its_source) noexcept : source{&its_source} {}

  const Source* source;
  std::uint64_t started = 0;
  std::uint64_t dropped = 0;
  Histogram gaps{};

  void merge(const SourceCounts& other) noexcept;
  void clear() noexcept;
};

class Ledger {
 public:
  using Paths = std::unordered_map<PathKey, PathCounts, PathHash>;

  // Where something is to be counted; std::bad_alloc where there is no memory for it.
  NodeCounts& node(std::uint32_t number, Role role);
  ConstraintCounts& constraint(const ConstraintKey& key);
  PathCounts& path(PathKey key);

  void merge(const Ledger& other);
  void merge(const SourceCounts& other);

  // Forget what was counted, and keep the memory.
  void clear() noexcept;

  const Paths& paths() const noexcept { return paths_; }
  const std::vector<std::unique_ptr<ConstraintCounts>>& constraints() const noexcept {
    return constraints_;
  }
  const std::vector<SourceCounts>& sources() const noexcept { return sources_; }

  // Null if it was never called so.
  const NodeCounts* find_node(std::uint32_t number, Role role) const noexcept;

 private:
  static constexpr std::size_t roles = 4;

  static std::size_t place(std::uint32_t number, Role role) noexcept {
    return number * roles + static_cast<std::size_t>(role);
  }

  Paths paths_{};
  Paths::value_type* latest_ = nullptr;  // the path that was asked for last
  std::vector<std::unique_ptr<NodeCounts>> nodes_{};
  std::vector<std::unique_ptr<ConstraintCounts>> constraints_{};
  std::vector<SourceCounts> sources_{};
};

}  // namespace flux::profile
