// The fuzzer of the contexts of traces, which come with requests.

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "trace/context.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using flux::trace::Context;
  const auto context = Context::parse({reinterpret_cast<const char*>(data), size});
  if (!context) return 0;
  const auto again = Context::parse(context->text());
  const bool is_same = again && again->trace == context->trace && again->span == context->span &&
                       again->is_sampled == context->is_sampled;
  if (!is_same) throw std::logic_error("a context changes when it is sent on");
  return 0;
}
