// A cache of bounded weight in which readers disturb nobody.
//
// Theory. Entries stand in a queue in the order in which they came. A use only marks an entry, so
// that many readers may look something up at once. Who needs room takes the first entry of the
// queue: if it is marked, it loses its mark and goes to the end, else it is dropped. What is asked
// for between two passes of the queue so stays: nearly the least recently used goes first (CLOCK:
// Corbató, "A paging experiment with the Multics system", 1968).
//
// The cache has no lock of its own: the Flux program says that `get` is a reader's, `put` a
// writer's.

#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

template <class Value>
class SecondChance {
 public:
  // What the entries may weigh together, from the next `put` on.
  void set_bound(std::uint64_t bound) { bound_ = bound; }

  // The value of a key, if it is here; this is a use of it.
  std::optional<Value> get(const std::string& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return {};
    found->second->used.store(true, std::memory_order_relaxed);
    return found->second->value;
  }

  // Keep a value instead of what was there; one heavier than the bound is not kept.
  void put(const std::string& key, Value value, std::uint64_t weight) {
    const auto found = places_.find(key);
    const bool is_old = found != places_.end();
    if (is_old) drop(found->second);
    if (weight > bound_) return;
    while (weight_ + weight > bound_) make_room();
    queue_.emplace_back(key, std::move(value), weight, is_old);
    places_[key] = std::prev(queue_.end());
    weight_ += weight;
  }

 private:
  struct Entry {
    Entry(std::string name, Value what, std::uint64_t size, bool is_used)
        : key{std::move(name)}, value{std::move(what)}, weight{size}, used{is_used} {}

    std::string key;
    Value value;
    std::uint64_t weight;
    std::atomic<bool> used;
  };
  using Queue = std::list<Entry>;

  void make_room() {
    const auto first = queue_.begin();
    if (first->used.exchange(false, std::memory_order_relaxed)) {
      queue_.splice(queue_.end(), queue_, first);
    } else {
      drop(first);
    }
  }

  void drop(typename Queue::iterator entry) {
    weight_ -= entry->weight;
    places_.erase(entry->key);
    queue_.erase(entry);
  }

  std::uint64_t bound_ = 0;
  std::uint64_t weight_ = 0;
  Queue queue_;
  std::unordered_map<std::string, typename Queue::iterator> places_;
};
