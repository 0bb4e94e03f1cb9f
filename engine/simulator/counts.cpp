#include <bit>
#include <cfloat>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <flux/simulator/counts.hpp>
#include <vector>

namespace flux::simulator {
namespace {

constexpr std::size_t octave = 256;

// Of a double's bits, those that tell the octave, and the part of it.
constexpr std::size_t bits_of(double time) noexcept {
  return std::bit_cast<std::uint64_t>(time) >> (DBL_MANT_DIG - 1 - 8);
}

void print_count(std::uint64_t count) {
  std::printf("%llu", static_cast<unsigned long long>(count));
}

std::size_t bucket_of(double time) noexcept {
  constexpr std::size_t first = bits_of(0x1p-30);
  const std::size_t bits = bits_of(time);
  return bits > first ? bits - first : 0;
}

// With all of its bits.
void print_time(double time) { std::printf("%.17g", time); }

template <class Values, class Print>
void print_list(const char* name, const Values& values, Print print) {
  std::printf(",\"%s\":[", name);
  const char* between = "";
  for (const auto& each : values) {
    std::printf("%s", between);
    print(each);
    between = ",";
  }
  std::printf("]");
}

void print_member(const char* name, double time) {
  std::printf(",\"%s\":", name);
  print_time(time);
}

void print_function(const FunctionUse& use) {
  std::printf("[%llu,%.17g,%.17g,%.17g,%.17g]", static_cast<unsigned long long>(use.calls), use.cpu,
              use.waiting, use.io, use.beginning);
}

void print_constraint(const ConstraintUse& use) {
  std::printf("[%llu,%llu,%.17g,%.17g,%.17g]", static_cast<unsigned long long>(use.taken),
              static_cast<unsigned long long>(use.contended), use.waiting, use.holding, use.busy);
}

}  // namespace

void Latencies::add(double time) {
  part_ += time;
  squares_ += time * time;
  longest_ = time > longest_ ? time : longest_;
  ++count_;
  ++count_of(bucket_of(time));
}

std::uint64_t& Latencies::count_of(std::size_t bucket) {
  const std::size_t place = bucket / octave;
  if (place >= octaves_.size()) [[unlikely]] {
    octaves_.resize(place + 1);
  }
  if (octaves_[place].empty()) [[unlikely]] {
    octaves_[place].resize(octave);
  }
  return octaves_[place][bucket % octave];
}

double Latencies::end_part() noexcept {
  const double part = part_;
  total_ += part;
  part_ = 0.0;
  return part;
}

void Latencies::print() const {
  std::printf("[%llu,%.17g,%.17g,%.17g,[", static_cast<unsigned long long>(count_), total_,
              squares_, longest_);
  const char* between = "";
  std::size_t bucket = 0;
  for (const auto& each : octaves_) {
    for (std::size_t place = 0; place < each.size(); ++place) {
      if (each[place] != 0) {
        std::printf("%s[%zu,%llu]", between, bucket + place,
                    static_cast<unsigned long long>(each[place]));
        between = ",";
      }
    }
    bucket += octave;
  }
  std::printf("]]");
}

void print(const Totals& totals, Row<FunctionUse> functions, Row<ConstraintUse> constraints,
           Row<Latencies> routes, Row<double> batches) {
  std::printf("{\"arrived\":%llu,\"dropped\":%llu", static_cast<unsigned long long>(totals.arrived),
              static_cast<unsigned long long>(totals.dropped));
  print_member("elapsed", totals.elapsed);
  print_member("processors", totals.processors);
  print_member("gil", totals.gil);
  print_member("threads", totals.threads);
  print_member("outside", totals.outside);
  print_member("queued", totals.queued);
  print_member("inside", totals.inside);
  print_list("functions", functions, print_function);
  print_list("constraints", constraints, print_constraint);
  print_list("routes", routes, [](const Latencies& each) { each.print(); });
  print_list("batches", batches, print_time);
  std::puts("}");
}

void print_saturated(Row<std::uint64_t> waiting) {
  std::printf("{\"is\":\"saturated\"");
  print_list("waiting", waiting, print_count);
  std::puts("}");
}

void print_stalled() { std::puts("{\"is\":\"stalled\"}"); }

}  // namespace flux::simulator
