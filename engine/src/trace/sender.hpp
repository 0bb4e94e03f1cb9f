// The thread that sends traces, and the queue before it. Flows never wait for it: what finds no
// room is dropped, counted and told.

#pragma once

#include <flux/program.hpp>
#include <memory>

#include "../futex.hpp"
#include "receiver.hpp"
#include "record.hpp"

namespace flux::trace {

class Sender final : public Sink {
 public:
  // The program must live until `finish`. Throws std::system_error if there can be no thread.
  Sender(Receiver receiver, const Program& program, Pairs resource);
  ~Sender();
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  void take(std::unique_ptr<Record> record) noexcept override;

  // Send what is left, until then; nothing that comes later.
  void finish(Deadline deadline) noexcept;

 private:
  class Work;

  static void* run(void* work) noexcept;

  std::shared_ptr<Work> work_;
};

}  // namespace flux::trace
