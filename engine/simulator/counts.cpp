#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <flux/simulator/counts.hpp>
#include <vector>

namespace flux::simulator {
namespace {

constexpr double octave = 128.0;
constexpr double offset = 3826.8611653102416;  // log2(10^9) times that
constexpr double shortest = 1e-9;

void print_count(std::uint64_t count) {
  std::printf("%llu", static_cast<unsigned long long>(count));
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
  std::printf("[%llu,%.17g,%.17g,%.17g]", static_cast<unsigned long long>(use.calls), use.cpu,
              use.waiting, use.io);
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
  const std::size_t bucket =
      time > shortest ? static_cast<std::size_t>(std::log2(time) * octave + offset) : 0;
  if (bucket >= buckets_.size()) [[unlikely]] {
    buckets_.resize(bucket + 1);
  }
  ++buckets_[bucket];
}

void Latencies::end_part(std::uint64_t flows) {
  means_.push_back(part_ / static_cast<double>(flows));
  total_ += part_;
  count_ += flows;
  part_ = 0.0;
}

void Latencies::print() const {
  print_list("batches", means_, print_time);
  std::printf(",\"latencies\":[%llu,%.17g,%.17g,%.17g]", static_cast<unsigned long long>(count_),
              total_, squares_, longest_);
  std::printf(",\"buckets\":[");
  const char* between = "";
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    if (buckets_[bucket] != 0) {
      std::printf("%s[%zu,%llu]", between, bucket,
                  static_cast<unsigned long long>(buckets_[bucket]));
      between = ",";
    }
  }
  std::printf("]");
}

void print(const Totals& totals, Row<FunctionUse> functions, Row<ConstraintUse> constraints,
           Row<std::uint64_t> routes, const Latencies& latencies) {
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
  print_list("routes", routes, print_count);
  latencies.print();
  std::puts("}");
}

void print_saturated(Row<std::uint64_t> waiting) {
  std::printf("{\"is\":\"saturated\"");
  print_list("waiting", waiting, print_count);
  std::puts("}");
}

void print_stalled() { std::puts("{\"is\":\"stalled\"}"); }

}  // namespace flux::simulator
