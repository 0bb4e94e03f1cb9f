// Traced flows as OTLP's JSON: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding,
// and what the spans mean in docs/traces.md.

#pragma once

#include <flux/program.hpp>
#include <memory>
#include <string>
#include <vector>

#include "receiver.hpp"
#include "record.hpp"

namespace flux::trace {

// What all spans are told of: the service and its process, as attributes.
Pairs resource_of(const Program& program, const Pairs& environment, const char* service_name);

std::string as_otlp(const std::vector<std::unique_ptr<Record>>& records, const Program& program,
                    const Pairs& resource);

// How many spans a record has.
std::size_t spans_of(const Record& record) noexcept;

}  // namespace flux::trace
