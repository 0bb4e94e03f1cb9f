#include "ledger.hpp"

#include <algorithm>
#include <utility>

namespace flux::profile {

std::size_t PathHash::operator()(const PathKey& key) const noexcept {
  constexpr std::uint64_t golden = 0x9E37'79B9'7F4A'7C15u;
  std::uint64_t mixed = (key.number.value_or(~std::uint64_t{0}) + 1) * golden;
  mixed ^= reinterpret_cast<std::uintptr_t>(key.source) + static_cast<unsigned>(key.outcome);
  return static_cast<std::size_t>(mixed * golden >> 16);
}

void PathCounts::spend(std::uint32_t node, std::uint64_t time) {
  const auto its = std::find_if(spent.begin(), spent.end(),
                                [node](const auto& each) { return each.first == node; });
  (its != spent.end() ? *its : spent.emplace_back(node, 0)).second += time;
}

void PathCounts::merge(const PathCounts& other) {
  flows += other.flows;
  timed += other.timed;
  wall.merge(other.wall);
  waiting.merge(other.waiting);
  queued.merge(other.queued);
  cpu.merge(other.cpu);
  for (const auto& [node, time] : other.spent) {
    spend(node, time);
  }
}

void PathCounts::clear() noexcept {
  flows = timed = 0;
  spent.clear();
  for (Histogram* const each : {&wall, &waiting, &queued, &cpu}) {
    each->clear();
  }
}

void NodeCounts::merge(const NodeCounts& other) noexcept {
  failures += other.failures;
  wall.merge(other.wall);
  cpu.merge(other.cpu);
}

void NodeCounts::clear() noexcept {
  failures = 0;
  wall.clear();
  cpu.clear();
}

void ConstraintCounts::merge(const ConstraintCounts& other) noexcept {
  at_once += other.at_once;
  waiting.merge(other.waiting);
  holding.merge(other.holding);
}

void ConstraintCounts::clear() noexcept {
  at_once = 0;
  waiting.clear();
  holding.clear();
}

void SourceCounts::merge(const SourceCounts& other) noexcept {
  started += other.started;
  dropped += other.dropped;
  gaps.merge(other.gaps);
}

void SourceCounts::clear() noexcept {
  started = dropped = 0;
  gaps.clear();
}

NodeCounts& Ledger::node(std::uint32_t number, Role role) {
  const std::size_t index = place(number, role);
  if (index >= nodes_.size()) {
    nodes_.resize(index + 1);
  }
  auto& its = nodes_[index];
  if (!its) {
    its = std::make_unique<NodeCounts>();
  }
  return *its;
}

const NodeCounts* Ledger::find_node(std::uint32_t number, Role role) const noexcept {
  const std::size_t index = place(number, role);
  return index < nodes_.size() ? nodes_[index].get() : nullptr;
}

// Programs have a few of them, so looking at each is fastest.
ConstraintCounts& Ledger::constraint(const ConstraintKey& key) {
  for (const auto& each : constraints_) {
    if (each->key == key) {
      return *each;
    }
  }
  return *constraints_.emplace_back(std::make_unique<ConstraintCounts>(key));
}

// Most flows take the path of the one before.
PathCounts& Ledger::path(PathKey key) {
  if (latest_ != nullptr && latest_->first == key) {
    return latest_->second;
  }
  if (paths_.size() >= most_paths && !paths_.contains(key)) {
    key.number = std::nullopt;
  }
  latest_ = &*paths_.try_emplace(key).first;
  return latest_->second;
}

void Ledger::merge(const Ledger& other) {
  for (const auto& [key, counts] : other.paths_) {
    if (counts.flows != 0) {
      path(key).merge(counts);
    }
  }
  for (std::size_t index = 0; index < other.nodes_.size(); ++index) {
    if (const NodeCounts* const its = other.nodes_[index].get()) {
      const auto role = static_cast<Role>(index % roles);
      node(static_cast<std::uint32_t>(index / roles), role).merge(*its);
    }
  }
  for (const auto& each : other.constraints_) {
    constraint(each->key).merge(*each);
  }
  for (const SourceCounts& each : other.sources_) {
    merge(each);
  }
}

// A source that has begun nothing isn't there.
void Ledger::merge(const SourceCounts& other) {
  if (other.started == 0) {
    return;
  }
  const auto its = std::find_if(sources_.begin(), sources_.end(), [&](const SourceCounts& each) {
    return each.source == other.source;
  });
  (its != sources_.end() ? *its : sources_.emplace_back(*other.source)).merge(other);
}

void Ledger::clear() noexcept {
  for (auto& [key, counts] : paths_) {
    counts.clear();
  }
  for (const auto& each : nodes_) {
    if (each) {
      each->clear();
    }
  }
  for (const auto& each : constraints_) {
    each->clear();
  }
  for (SourceCounts& each : sources_) {
    each.clear();
  }
}

}  // namespace flux::profile
