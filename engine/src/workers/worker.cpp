#include "worker.hpp"

#include <flux/flux.h>
#include <sys/socket.h>

#include <cstdio>
#include <filesystem>
#include <mutex>
#include <optional>
#include <utility>

#include "../nodes/failure.hpp"
#include "handing.hpp"

namespace flux::workers {

namespace {

std::optional<Worker> this_process;
std::mutex asking;  // one question at a time

}  // namespace

Worker::Worker(int number, bool is_first, nodes::detail::Descriptor line) noexcept
    : number_{number}, is_first_{is_first}, line_{std::move(line)} {}

nodes::detail::Descriptor Worker::borrow(const nodes::Address& address, int type,
                                         int backlog) const {
  const std::lock_guard guard{asking};
  say({Message::Kind::open, type, backlog, address});
  Answer answer = receive_answer(line_.get());
  if (answer.error != 0) nodes::detail::fail(address.text(), answer.error);
  return std::move(answer.descriptor);
}

void Worker::serves() const noexcept { say({.kind = Message::Kind::serves}); }

void Worker::is_over() const noexcept { say({.kind = Message::Kind::over}); }

// If the parent has died, this process will soon.
void Worker::say(const Message& message) const noexcept {
  [[maybe_unused]] const ssize_t sent = ::send(line_.get(), &message, sizeof message, MSG_NOSIGNAL);
}

void become(Worker worker) { this_process.emplace(std::move(worker)); }

const Worker* own() noexcept { return this_process ? &*this_process : nullptr; }

std::string own_file(const std::string& name) {
  if (!this_process) return name;
  std::filesystem::path file{name};
  const std::string ending = file.extension();
  file.replace_extension(std::to_string(this_process->number()) + ending);
  return file;
}

}  // namespace flux::workers

void flux_announce(const char* line) {
  const flux::workers::Worker* const worker = flux::workers::own();
  if (worker == nullptr || worker->is_first()) {
    std::puts(line);
    std::fflush(stdout);
  }
}
