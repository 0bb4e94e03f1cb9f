#include "socket.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <flux/nodes/address.hpp>
#include <flux/nodes/http_parser.hpp>
#include <flux/nodes/http_response.hpp>
#include <system_error>

#include "../threads.hpp"

namespace flux::profile {

namespace {

using nodes::detail::Descriptor;
constexpr std::size_t most_clients = 16;
constexpr std::chrono::seconds patience{5};
constexpr std::chrono::milliseconds moment{200};  // the same, while others wait for a place
constexpr nodes::Limits limits{.target = 1024, .headers = 8192, .header_count = 50, .body = 0};
constexpr int backlog = 64;

int checked(int result, const std::string& what) {
  if (result == -1) {
    throw std::system_error{errno, std::generic_category(), what};
  }
  return result;
}

Descriptor listening(int family, const sockaddr* address, socklen_t size,
                     const std::string& where) {
  Descriptor made{checked(socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), where)};
  const int yes = 1;
  setsockopt(made.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  checked(bind(made.get(), address, size), where);
  checked(listen(made.get(), backlog), where);
  return made;
}

// Whether a server that isn't there any more has left its socket behind.
bool is_stale(const sockaddr_un& address) noexcept {
  struct stat found {};
  if (lstat(address.sun_path, &found) != 0 || !S_ISSOCK(found.st_mode)) {
    return false;
  }
  const Descriptor probe{socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  return connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
         errno == ECONNREFUSED;
}

// Only its owner may ask.
Descriptor listening_at(const std::string& path) {
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  if (is_stale(address)) {
    unlink(address.sun_path);
  }
  const mode_t before = umask(0177);
  try {
    auto made = listening(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address,
                          "unix:" + path);
    umask(before);
    return made;
  } catch (...) {
    umask(before);
    throw;
  }
}

std::string text_of(const Answer& answer, const nodes::Request& request) {
  std::vector<nodes::Field> fields{{"Content-Type", answer.type}, {"Cache-Control", "no-store"}};
  if (answer.allow != nullptr) {
    fields.push_back({"Allow", answer.allow});
  }
  if (answer.status == 401) {
    fields.push_back({"WWW-Authenticate", "Bearer"});
  }
  const nodes::Response made = nodes::response(answer.status, fields, std::string_view{answer.body},
                                               {.keep_alive = request.keep_alive});
  return std::string{made.head()} + answer.body;
}

}  // namespace

// Reads requests and sends what is answered, as far as that goes without waiting.
class Socket::Client {
 public:
  Client(Descriptor descriptor, bool is_local) noexcept
      : descriptor_{std::move(descriptor)}, is_local_{is_local} {}

  pollfd interest() const noexcept {
    return {.fd = descriptor_.get(),
            .events = static_cast<short>(has_sent() ? POLLIN : POLLOUT),
            .revents = 0};
  }

  Clock::time_point deadline() const noexcept { return deadline_; }

  // From when on it makes room for others: who is awaited, and says nothing, soon.
  Clock::time_point makes_room() const noexcept {
    return has_sent() ? deadline_ - patience + moment : deadline_;
  }

  // Whether it stays.
  bool go_on(Answers& answers) {
    if (has_sent() && !receive()) {
      return false;
    }
    do {
      if (!send() || (has_sent() && is_last_)) {
        return false;
      }
    } while (has_sent() && answer(answers));
    return true;
  }

 private:
  bool receive() {
    const auto room = parser_.prepare();
    const ssize_t size = recv(descriptor_.get(), room.data(), room.size(), 0);
    parser_.commit(size > 0 ? static_cast<std::size_t>(size) : 0);
    return size > 0 || (size == -1 && (errno == EAGAIN || errno == EINTR));
  }

  bool has_sent() const noexcept { return sent_ == text_.size(); }

  // Whether there was a question.
  bool answer(Answers& answers) {
    try {
      const nodes::Request* const request = parser_.next();
      if (request != nullptr) {
        say(text_of(answers.to(*request, is_local_), *request), !request->keep_alive);
      }
      return request != nullptr;
    } catch (const nodes::HttpError& error) {
      say(text_of({.status = error.status(), .body = std::string{error.what()} + "\n"}, {}), true);
      return true;
    }
  }

  void say(std::string text, bool is_last) {
    text_ = std::move(text);
    sent_ = 0;
    is_last_ = is_last;
    deadline_ = Clock::now() + patience;
  }

  bool send() {
    while (sent_ < text_.size()) {
      const ssize_t size = ::send(descriptor_.get(), text_.data() + sent_, text_.size() - sent_,
                                  MSG_NOSIGNAL | MSG_DONTWAIT);
      if (size < 0) {
        return errno == EAGAIN || errno == EINTR;
      }
      sent_ += static_cast<std::size_t>(size);
    }
    return true;
  }

  Descriptor descriptor_;
  bool is_local_;
  nodes::RequestParser parser_{limits};
  std::string text_{};
  std::size_t sent_ = 0;
  bool is_last_ = false;
  Clock::time_point deadline_ = Clock::now() + patience;
};

Socket::Socket(const Place& place, Answers answers)
    : answers_{std::move(answers)}, path_{place.path} {
  if (path_.empty()) {
    nodes::Address address{place.host, place.port};
    listener_ = listening(address.family(), address.data(), address.size(), address.text());
    address_ = nodes::Address::of(listener_.get()).text();
  } else {
    listener_ = listening_at(path_);
    address_ = "unix:" + path_;
  }
  clients_.reserve(most_clients);
  bell_ = Descriptor{checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")};
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);  // signals are for the other threads
  thread_ = std::thread{[this] { serve(); }};
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Socket::~Socket() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(bell_.get(), &one, sizeof one);
  thread_.join();
  if (!path_.empty()) {
    unlink(path_.c_str());
  }
}

void Socket::serve() noexcept {
  name_thread("flux profile");
  std::array<pollfd, most_clients + 2> polled;
  for (;;) {
    polled[0] = {.fd = bell_.get(), .events = POLLIN, .revents = 0};
    polled[1] = {.fd = accepts() ? listener_.get() : -1, .events = POLLIN, .revents = 0};
    for (std::size_t number = 0; number < clients_.size(); ++number) {
      polled[number + 2] = clients_[number]->interest();
    }
    if (poll(polled.data(), clients_.size() + 2, left()) < 0) {
      continue;
    }
    if (polled[0].revents != 0) {
      return;
    }
    for (std::size_t number = clients_.size(); number-- > 0;) {
      attend(number, polled[number + 2].revents);
    }
    if (polled[1].revents != 0) {
      accept();
    }
  }
}

bool Socket::accepts() const noexcept {
  const auto now = Clock::now();
  return now >= accepts_again_ && (!is_full() || now >= (*next_to_go())->makes_room());
}

bool Socket::is_full() const noexcept { return clients_.size() == most_clients; }

// Who makes room first.
Socket::Clients::const_iterator Socket::next_to_go() const noexcept {
  return std::min_element(clients_.begin(), clients_.end(), [](const auto& one, const auto& other) {
    return one->makes_room() < other->makes_room();
  });
}

// Milliseconds until something is to be done, whatever the clients do.
int Socket::left() const noexcept {
  const auto now = Clock::now();
  auto next = accepts_again_ > now ? accepts_again_ : Clock::time_point::max();
  for (const auto& each : clients_) {
    next = std::min(next, each->deadline());
  }
  if (const auto room = is_full() ? (*next_to_go())->makes_room() : now; room > now) {
    next = std::min(next, room);
  }
  if (next == Clock::time_point::max()) {
    return -1;
  }
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - now);
  return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

// Where no descriptors are left, it is no use to try again at once.
void Socket::accept() noexcept {
  Descriptor accepted{accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
  if (!accepted) {
    accepts_again_ = errno == EAGAIN ? accepts_again_ : Clock::now() + std::chrono::seconds{1};
    return;
  }
  if (is_full()) {
    clients_.erase(next_to_go());
  }
  try {
    clients_.push_back(std::make_unique<Client>(std::move(accepted), !path_.empty()));
  } catch (const std::bad_alloc&) {
  }
}

void Socket::attend(std::size_t number, short events) noexcept {
  bool stays = Clock::now() < clients_[number]->deadline();
  try {
    stays = stays && (events == 0 || clients_[number]->go_on(answers_));
  } catch (...) {  // there is no memory for it
    stays = false;
  }
  if (!stays) {
    clients_.erase(clients_.begin() + static_cast<std::ptrdiff_t>(number));
  }
}

}  // namespace flux::profile
