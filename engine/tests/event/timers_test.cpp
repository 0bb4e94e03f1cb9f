#include "event/timers.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <vector>

using flux::event::Time;
using flux::event::Timers;

namespace {

using std::chrono::milliseconds;

class Note final : public flux::event::Timer {
 public:
  Note(std::vector<int>& notes, int number) : notes_{notes}, number_{number} {}

 private:
  void ring() noexcept override { notes_.push_back(number_); }

  std::vector<int>& notes_;
  int number_;
};

Time at(int moment) { return Time{milliseconds{moment}}; }

}  // namespace

TEST_CASE("timers ring in the order of their moments, whatever the order in which they came") {
  std::vector<int> notes;
  std::deque<Note> all;
  std::vector<int> moments(1000);
  std::generate(moments.begin(), moments.end(), [n = 0]() mutable { return n++; });
  std::shuffle(moments.begin(), moments.end(), std::mt19937{1});
  Timers timers;
  for (const int moment : moments) {
    timers.add(all.emplace_back(notes, moment), at(moment));
  }
  timers.ring(at(1000));
  CHECK(std::is_sorted(notes.begin(), notes.end()));
  CHECK(notes.size() == 1000);
  CHECK(timers.empty());
}

TEST_CASE("only timers that are due ring, and the next one is known") {
  std::vector<int> notes;
  Note early{notes, 1};
  Note late{notes, 2};
  Timers timers;
  timers.add(late, at(20));
  timers.add(early, at(10));
  CHECK(timers.next() == at(10));
  timers.ring(at(15));
  CHECK(notes == std::vector{1});
  CHECK(timers.next() == at(20));
}

TEST_CASE("a cancelled timer doesn't ring, wherever it stands") {
  std::vector<int> notes;
  std::deque<Note> all;
  Timers timers;
  for (int moment = 0; moment < 100; ++moment) {
    timers.add(all.emplace_back(notes, moment), at((moment * 37) % 100));
  }
  for (std::size_t index = 0; index < all.size(); index += 3) {
    timers.cancel(all[index]);
    timers.cancel(all[index]);  // once more does nothing
  }
  timers.ring(at(1000));
  CHECK(notes.size() == 66);
  CHECK(std::none_of(notes.begin(), notes.end(), [](int each) { return each % 3 == 0; }));
  CHECK(timers.next() == Time::max());
}
