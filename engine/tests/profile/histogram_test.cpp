#include "profile/histogram.hpp"

#include <doctest/doctest.h>

#include <map>

using flux::profile::Histogram;

namespace {

std::map<std::size_t, std::uint64_t> buckets(const Histogram& histogram) {
  std::map<std::size_t, std::uint64_t> found;
  histogram.each_bucket([&](std::size_t bucket, std::uint64_t count) { found[bucket] = count; });
  return found;
}

}  // namespace

TEST_SUITE("histograms") {
  TEST_CASE("small values have buckets of their own") {
    for (std::uint64_t value = 0; value < 64; ++value) {
      CHECK(Histogram::bucket_of(value) == value);
    }
  }

  TEST_CASE("an octave has 32 buckets, one beside the other") {
    for (unsigned octave = 6; octave < 63; ++octave) {
      const std::uint64_t first = std::uint64_t{1} << octave;
      CHECK(Histogram::bucket_of(first) == Histogram::bucket_of(first - 1) + 1);
      CHECK(Histogram::bucket_of(2 * first - 1) - Histogram::bucket_of(first) == 31);
    }
  }

  TEST_CASE("values are counted, added up, and the largest is kept") {
    Histogram histogram;
    for (const std::uint64_t value : {5u, 1000u, 1001u, 70'000u}) {
      histogram.add(value);
    }
    CHECK(histogram.count() == 4);
    CHECK(histogram.total() == 72'006);
    CHECK(histogram.max() == 70'000);
    CHECK(buckets(histogram) ==
          std::map<std::size_t, std::uint64_t>{
              {5, 1}, {Histogram::bucket_of(1000), 2}, {Histogram::bucket_of(70'000), 1}});
  }

  TEST_CASE("what is merged counts as if it had been added") {
    Histogram one;
    Histogram other;
    one.add(7);
    other.add(7);
    other.add(UINT64_MAX);
    one.merge(other);
    CHECK(one.count() == 3);
    CHECK(one.max() == UINT64_MAX);
    CHECK(buckets(one) ==
          std::map<std::size_t, std::uint64_t>{{7, 2}, {Histogram::bucket_of(UINT64_MAX), 1}});
  }

  TEST_CASE("what is cleared has nothing") {
    Histogram histogram;
    histogram.add(7);
    histogram.clear();
    CHECK(histogram.count() + histogram.total() + histogram.max() == 0);
    CHECK(buckets(histogram).empty());
  }
}
