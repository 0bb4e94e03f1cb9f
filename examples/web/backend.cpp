#include "backend.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "connecting.hpp"

namespace {

constexpr std::size_t chunk = 64 * 1024;  // bytes

// Whether a server has said something unasked: it has ended, most likely.
bool is_readable(const Socket& server) {
  pollfd own{server.descriptor(), POLLIN, 0};
  return ::poll(&own, 1, 0) != 0;
}

// Throws if a call has failed that need not be tried again.
void check(ssize_t size) {
  if (size >= 0 || errno == EAGAIN || errno == EINTR) return;
  throw fastcgi::BrokenOff{std::generic_category().message(errno)};
}

}  // namespace

Shelf::~Shelf() {
  while (take().descriptor() >= 0) {
  }
}

void Shelf::put(Socket socket) {
  for (auto& slot : slots_) {
    int free = 0;
    if (slot.compare_exchange_strong(free, socket.descriptor() + 1)) {
      socket.release();
      return;
    }
  }
}

Socket Shelf::take() {
  for (auto& slot : slots_) {
    if (slot.load() == 0) continue;
    if (const int taken = slot.exchange(0); taken != 0) return Socket{taken - 1};
  }
  return Socket{-1};
}

std::shared_ptr<Script> Backend::start(const std::string& name, Asked asked) {
  const auto request = std::make_shared<const std::string>(
      asked.upload ? fastcgi::begin(asked.parameters)
                   : fastcgi::encode(asked.parameters, asked.body));
  if (Socket server = asked.upload ? Socket{-1} : take(); server.descriptor() >= 0) {
    try {
      const auto run = std::make_shared<Run>(*this, name, std::move(server), request);
      run->begin();
      return run;
    } catch (const fastcgi::BrokenOff&) {
      if (!asked.may_repeat) throw;
    }
  }
  return start_anew(name, request, std::move(asked.upload));
}

void Backend::keep(Socket server) {
  kept_.put(std::move(server));
  if (waiting_.load() > 0) kept_.take();
}

Socket Backend::take() {
  while (true) {
    Socket server = kept_.take();
    if (server.descriptor() < 0 || !is_readable(server)) return server;
  }
}

std::shared_ptr<Run> Backend::start_anew(const std::string& name, Request request, Upload upload) {
  struct Mark {
    explicit Mark(std::atomic<int>& counted) : count{counted} { ++count; }
    Mark(const Mark&) = delete;
    Mark& operator=(const Mark&) = delete;
    ~Mark() { --count; }
    std::atomic<int>& count;
  } const mark{waiting_};
  kept_.take();  // one that may have been given back before the mark was there
  const auto run = std::make_shared<Run>(*this, name, connect(address_, timeout_),
                                         std::move(request), std::move(upload));
  run->begin();
  return run;
}

void Run::begin() {
  be_patient();
  while (!advance()) {
  }
}

std::string Run::read() {
  be_patient();
  auto text = output_.take();
  while (text.empty() && !is_over()) {
    advance();
    text = output_.take();
  }
  if (is_over()) close();
  return text;
}

void Run::close() {
  Socket server = std::move(server_);
  if (server.descriptor() < 0) return;
  if (output_.is_clean() && unsent_.empty() && !upload_) backend_.keep(std::move(server));
  if (output_.complaints().empty()) return;
  std::fprintf(stderr, "%s says: %s\n", name_.c_str(), output_.complaints().c_str());
}

// Send and receive what goes; whether something has come.
bool Run::advance() {
  if (upload_ && unsent_.empty()) refill();
  const short events = wait();
  if ((events & POLLOUT) != 0) send();
  return (events & ~POLLOUT) != 0 && receive();
}

// Wait for more of the body.
void Run::refill() {
  const auto data = upload_();
  if (data.empty()) upload_ = {};
  uploaded_ = fastcgi::part_of_body(data);
  unsent_ = uploaded_;
  be_patient();
}

short Run::wait() const {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Clock::now());
  const auto wanted = static_cast<short>(unsent_.empty() ? POLLIN : POLLIN | POLLOUT);
  pollfd own{server_.descriptor(), wanted, 0};
  const int found = left.count() <= 0 ? 0 : ::poll(&own, 1, static_cast<int>(left.count()));
  if (found == 0) throw ScriptTooSlow{"the server says nothing"};
  return found < 0 ? short{0} : own.revents;
}

void Run::send() {
  const auto size =
      ::send(server_.descriptor(), unsent_.data(), unsent_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  check(size);
  if (size > 0) unsent_.remove_prefix(static_cast<std::size_t>(size));
}

bool Run::receive() {
  room_.resize(chunk);
  const auto size = ::recv(server_.descriptor(), room_.data(), room_.size(), MSG_DONTWAIT);
  if (size == 0) throw fastcgi::BrokenOff{"the server has gone before its end"};
  check(size);
  if (size > 0) output_.feed({room_.data(), static_cast<std::size_t>(size)});
  return size > 0;
}
