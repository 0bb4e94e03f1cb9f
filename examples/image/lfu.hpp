// A cache of bounded weight that gives up what is used least often.
//
// Theory. Every entry has a frequency: how often it was put or got. Entries of one frequency
// share a rank; the ranks form a list in rising order of frequency, and within a rank the entries
// stand in the order in which they came there:
//
//     1: {d, e} <-> 2: {b} <-> 7: {a, c}
//
// A use moves an entry to the end of the next rank, which is made if it is missing; so the first
// entry of the first rank is the one used least often, and of those the least recently. A rank
// that has lost its last entry leaves the list. Both steps touch a rank and its neighbours only:
// get, put and each eviction take constant time. (Shah, Mitra, Matani: "An O(1) algorithm for
// implementing the LFU cache eviction scheme", 2010.)
//
// Invariants: no rank in the list is empty; frequencies rise; `weight` is the sum of the entries'
// weights and never above `bound`.
//
// The cache has no lock of its own: the Flux program says which nodes may not run together.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <list>
#include <unordered_map>
#include <utility>

template <class Key, class Value, class Hash = std::hash<Key>>
class LeastFrequentlyUsed {
 public:
  explicit LeastFrequentlyUsed(std::size_t bound = 0) : bound_{bound} {}

  [[nodiscard]] std::size_t weight() const { return weight_; }
  [[nodiscard]] std::size_t size() const { return places_.size(); }

  // What the entries may weigh together, from the next `put` on.
  void set_bound(std::size_t bound) { bound_ = bound; }

  // The value of a key, null if it isn't here; this is a use of it. It stays until the next call.
  const Value* get(const Key& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return nullptr;
    rise(found->second);
    return &found->second.entry->value;
  }

  // Keep a value, for the first time: what was there under its key is forgotten.
  // A value heavier than the whole bound is not kept.
  void put(const Key& key, Value value, std::size_t weight) {
    discard(key);
    if (weight > bound_) return;
    while (weight_ + weight > bound_) discard(*ranks_.front().entries.front().key);
    enter(key, std::move(value), weight);
  }

  // Forget a key, if it is here.
  void discard(const Key& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return;
    const auto [rank, entry] = found->second;
    weight_ -= entry->weight;
    places_.erase(found);
    rank->entries.erase(entry);
    leave(rank);
  }

 private:
  struct Entry {
    const Key* key;  // in `places_`, whose nodes stay where they are
    Value value;
    std::size_t weight;
  };
  struct Rank {
    std::uint64_t frequency;
    std::list<Entry> entries;  // the least recently used first
  };
  using Ranks = std::list<Rank>;
  struct Place {
    typename Ranks::iterator rank;
    typename std::list<Entry>::iterator entry;
  };

  // All memory is taken before anything changes: without it, everything stays as it is.
  void enter(const Key& key, Value value, std::size_t weight) {
    Ranks newcomer;
    auto& entries = newcomer.insert(newcomer.end(), {1, {}})->entries;
    const auto entry = entries.insert(entries.end(), {nullptr, std::move(value), weight});
    const auto found = places_.emplace(key, Place{newcomer.begin(), entry}).first;
    entry->key = &found->first;
    weight_ += weight;
    if (ranks_.empty() || ranks_.front().frequency != 1) {
      ranks_.splice(ranks_.begin(), newcomer);
    } else {
      found->second.rank = ranks_.begin();
      ranks_.front().entries.splice(ranks_.front().entries.end(), entries);
    }
  }

  void rise(Place& place) {
    const auto left = place.rank;
    place.rank = rank_above(left);
    auto& entries = place.rank->entries;
    entries.splice(entries.end(), left->entries, place.entry);
    leave(left);
  }

  // The rank of the next frequency, which is made if it is missing.
  auto rank_above(typename Ranks::iterator rank) {
    const auto above = std::next(rank);
    const auto frequency = rank->frequency + 1;
    if (above != ranks_.end() && above->frequency == frequency) return above;
    return ranks_.insert(above, {frequency, {}});
  }

  void leave(typename Ranks::iterator rank) {
    if (rank->entries.empty()) ranks_.erase(rank);
  }

  std::size_t bound_;
  std::size_t weight_ = 0;
  Ranks ranks_;
  std::unordered_map<Key, Place, Hash> places_;
};
