#include "sender.hpp"

#include <signal.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <deque>
#include <flux/lock.hpp>
#include <mutex>
#include <system_error>
#include <utility>

#include "../event_descriptor.hpp"
#include "../threads.hpp"
#include "otlp.hpp"
#include "post.hpp"

namespace flux::trace {

namespace {

using std::chrono::seconds;
using Records = std::vector<std::unique_ptr<Record>>;

constexpr std::size_t most_queued = 65'536;  // spans, some megabytes
constexpr std::size_t most_at_once = 2048;   // spans, some hundred kilobytes of JSON
constexpr seconds gathering{1};              // how long a span waits for others
constexpr seconds patience{10};
constexpr seconds longest_pause{30};
constexpr seconds between_complaints{60};

Deadline in(seconds time) noexcept { return std::chrono::steady_clock::now() + time; }

// Whether the receiver may take later what it has not taken now (OTLP, "Retryable Response Codes").
bool is_passing(int status) noexcept {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

}  // namespace

// Belongs to the sender and to its thread, which may hang in a name server when all else is over.
class Sender::Work {
 public:
  Work(Receiver receiver, const Program& program, Pairs resource)
      : receiver_{std::move(receiver)}, program_{program}, resource_{std::move(resource)} {}

  void put(std::unique_ptr<Record> record) noexcept;
  void run() noexcept;
  void finish(Deadline deadline) noexcept;

 private:
  enum class Fate { taken, kept_for_later, lost };

  Records batch();
  void drop_all() noexcept;
  std::string text_of(const Records& records);
  void send(const Records& records) noexcept;
  void deliver(const std::string& json, std::size_t spans) noexcept;
  Fate attempt(const std::string& json) noexcept;
  void complain(const std::string& why) noexcept;
  void complain_at_last() noexcept;
  void tell(const std::string& why) noexcept;

  const Receiver receiver_;
  const Program& program_;
  const Pairs resource_;

  ShortLock guard_{};
  std::deque<std::unique_ptr<Record>> queue_{};
  std::size_t queued_ = 0;  // spans
  std::atomic<std::size_t> sending_{0};
  std::atomic<std::uint64_t> dropped_{0};

  EventDescriptor filled_{};
  EventDescriptor over_{};
  EventDescriptor done_{};
  std::atomic<Deadline> end_{Deadline::max()};
  std::mutex using_{};  // the program, and what was told
  bool is_abandoned_ = false;
  Deadline quiet_until_{};
  std::uint64_t told_ = 0;
};

void Sender::Work::put(std::unique_ptr<Record> record) noexcept {
  const std::size_t spans = spans_of(*record);
  std::unique_lock guarded{guard_};
  if (queued_ + spans > most_queued) {
    dropped_ += spans;
    return;
  }
  try {
    queue_.push_back(std::move(record));
  } catch (const std::bad_alloc&) {
    dropped_ += spans;
    return;
  }
  const bool is_first = std::exchange(queued_, queued_ + spans) == 0;
  guarded.unlock();
  if (is_first) {
    filled_.set();
  }
}

void Sender::Work::run() noexcept {
  name_thread("flux traces");
  for (bool is_over = false; !is_over;) {
    is_over = EventDescriptor::wait_for_first(over_, filled_) || over_.wait(in(gathering));
    filled_.reset();
    for (Records records = batch(); !records.empty(); records = batch()) {
      send(records);
    }
  }
  complain_at_last();
  done_.set();
}

void Sender::Work::finish(Deadline deadline) noexcept {
  end_ = deadline;
  over_.set();
  if (!done_.wait(deadline)) {
    drop_all();
    complain_at_last();
  }
  const std::scoped_lock guarded{using_};
  is_abandoned_ = true;
}

void Sender::Work::drop_all() noexcept {
  const std::scoped_lock guarded{guard_};
  dropped_ += queued_ + sending_;
}

Records Sender::Work::batch() {
  Records records;
  const std::scoped_lock guarded{guard_};
  for (std::size_t spans = 0; !queue_.empty() && spans < most_at_once;) {
    const std::size_t more = spans_of(*queue_.front());
    records.push_back(std::move(queue_.front()));
    queue_.pop_front();
    spans += more;
    queued_ -= more;
  }
  return records;
}

std::string Sender::Work::text_of(const Records& records) {
  const std::scoped_lock guarded{using_};
  return is_abandoned_ ? "" : as_otlp(records, program_, resource_);
}

void Sender::Work::send(const Records& records) noexcept {
  std::size_t spans = 0;
  for (const auto& each : records) {
    spans += spans_of(*each);
  }
  sending_ = spans;
  try {
    deliver(text_of(records), spans);
  } catch (const std::bad_alloc&) {
    dropped_ += spans;
  }
  sending_ = 0;
}

// Until it is taken, for the receiver may only be away for a while; at the end, once.
void Sender::Work::deliver(const std::string& json, std::size_t spans) noexcept {
  for (seconds pause{1};; pause = std::min(2 * pause, longest_pause)) {
    const bool is_last = over_.is_set();
    const Fate fate = attempt(json);
    if (fate == Fate::taken) {
      return;
    }
    if (fate == Fate::lost || is_last) {
      dropped_ += spans;
      return;
    }
    over_.wait(in(pause));
  }
}

Sender::Work::Fate Sender::Work::attempt(const std::string& json) noexcept {
  try {
    const int status = post(receiver_, json, std::min(end_.load(), in(patience)));
    if (status / 100 == 2) {
      return Fate::taken;
    }
    complain("status " + std::to_string(status));
    return is_passing(status) ? Fate::kept_for_later : Fate::lost;
  } catch (const std::system_error& error) {
    complain(error.code().message());
  } catch (...) {  // there is no memory for it
  }
  return Fate::kept_for_later;
}

void Sender::Work::complain(const std::string& why) noexcept {
  const std::scoped_lock guarded{using_};
  const auto now = std::chrono::steady_clock::now();
  if (now >= quiet_until_) {
    quiet_until_ = now + between_complaints;
    tell(why);
  }
}

void Sender::Work::complain_at_last() noexcept {
  const std::scoped_lock guarded{using_};
  if (dropped_ > told_) {
    tell("the server has ended");
  }
}

void Sender::Work::tell(const std::string& why) noexcept {
  const std::uint64_t all = dropped_;
  const std::uint64_t dropped = all - std::exchange(told_, all);
  if (!is_abandoned_) {
    const std::string what =
        dropped == 0 ? "traces wait" : std::to_string(dropped) + " spans of traces dropped";
    std::fprintf(stderr, "flux: %s: %s: %s\n", what.c_str(), receiver_.url().c_str(), why.c_str());
  }
}

Sender::Sender(Receiver receiver, const Program& program, Pairs resource)
    : work_{std::make_shared<Work>(std::move(receiver), program, std::move(resource))} {
  auto own = std::make_unique<std::shared_ptr<Work>>(work_);
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);  // signals are for the other threads
  const int error = start_thread(run, own.get());
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (error != 0) {
    throw std::system_error{error, std::generic_category(), "a thread for traces"};
  }
  static_cast<void>(own.release());  // the thread's
}

Sender::~Sender() { finish(Deadline::min()); }

void Sender::take(std::unique_ptr<Record> record) noexcept { work_->put(std::move(record)); }

void Sender::finish(Deadline deadline) noexcept { work_->finish(deadline); }

void* Sender::run(void* work) noexcept {
  const std::unique_ptr<std::shared_ptr<Work>> own{static_cast<std::shared_ptr<Work>*>(work)};
  (*own)->run();
  return nullptr;
}

}  // namespace flux::trace
