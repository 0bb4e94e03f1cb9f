#include "descriptors.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <new>
#include <utility>

#include "waiting.hpp"

namespace flux::event {

namespace {

constexpr std::uint32_t all_events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLPRI;
constexpr std::uint32_t special = EPOLLPRI | EPOLLRDHUP | EPOLLHUP | EPOLLERR;

bool is_tcp(int descriptor) noexcept {
  int protocol = 0;
  socklen_t size = sizeof protocol;
  return getsockopt(descriptor, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) == 0 &&
         protocol == IPPROTO_TCP;
}

// Whether what is known is of the file that has the number now.
bool is_present(const Descriptor& its, int descriptor) noexcept {
  return its.registered && its.age == age_of(descriptor);
}

}  // namespace

Descriptor* Descriptors::known(int descriptor) noexcept {
  const auto number = static_cast<std::size_t>(descriptor);
  if (number / block_size >= blocks_.size() || !blocks_[number / block_size]) {
    return nullptr;
  }
  Descriptor& found = (*blocks_[number / block_size])[number % block_size];
  return is_present(found, descriptor) ? &found : nullptr;
}

int Descriptors::enter(Interest& interest) noexcept {
  try {
    Descriptor& its = at(interest.descriptor);
    const bool is_new = !is_present(its, interest.descriptor);
    if (const int error = is_new ? make_known(its, interest.descriptor) : 0) {
      return error;
    }
    its.is_tcp = is_new ? is_tcp(interest.descriptor) : its.is_tcp;
    interest.previous = nullptr;
    interest.next = std::exchange(its.first, &interest);
    if (interest.next != nullptr) {
      interest.next->previous = &interest;
    }
    return 0;
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  }
}

void Descriptors::leave(Interest& interest) noexcept {
  Descriptor& its = at(interest.descriptor);
  (interest.previous != nullptr ? interest.previous->next : its.first) = interest.next;
  if (interest.next != nullptr) {
    interest.next->previous = interest.previous;
  }
}

int Descriptors::subscribe(int descriptor, std::uint8_t subscriber, std::uint64_t token) noexcept {
  try {
    Descriptor& its = at(descriptor);
    its.registered = false;  // so that the present state is told again
    const int error = make_known(its, descriptor);
    its.is_tcp = true;
    its.may_read = false;  // unless that is told
    its.subscriber = subscriber;
    its.token = token;
    return error;
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  }
}

Descriptor* Descriptors::heard(int descriptor, std::uint32_t events) noexcept {
  Descriptor* const its = known(descriptor);
  if (its == nullptr) {
    return nullptr;
  }
  its->may_read = its->may_read || (events & (EPOLLIN | special)) != 0;
  its->is_special = its->is_special || (events & special) != 0;
  for (Interest* each = its->first; each != nullptr; each = each->next) {
    const std::uint32_t got = events & (each->wanted | EPOLLHUP | EPOLLERR);
    if (got != 0) {
      each->got |= got;
      each->waiting->wake();
    }
  }
  return its;
}

void Descriptors::closed(int descriptor, Age age) noexcept {
  const auto number = static_cast<std::size_t>(descriptor);
  if (number / block_size < blocks_.size() && blocks_[number / block_size]) {
    Descriptor& its = (*blocks_[number / block_size])[number % block_size];
    if (its.registered && its.age == age) {
      close_all(its);
    }
  }
}

Descriptor& Descriptors::at(int descriptor) {
  const auto number = static_cast<std::size_t>(descriptor);
  if (number / block_size >= blocks_.size()) {
    blocks_.resize(number / block_size + 1);
  }
  auto& block = blocks_[number / block_size];
  if (!block) {
    block = std::make_unique<Block>();
  }
  return (*block)[number % block_size];
}

int Descriptors::make_known(Descriptor& its, int descriptor) noexcept {
  close_all(its);
  its.age = age_of(descriptor);
  if (const int error = poller_.add(descriptor, all_events, static_cast<unsigned>(descriptor))) {
    return error;
  }
  known_to(loop_, descriptor);
  its.registered = true;
  return 0;
}

// Whoever waits for the file that had the number before is told that it is gone.
void Descriptors::close_all(Descriptor& its) noexcept {
  for (Interest* each = its.first; each != nullptr; each = each->next) {
    each->closed = true;
    each->waiting->wake();
  }
  its.registered = false;
  its.may_read = true;
  its.is_special = false;
  its.subscriber = 0;
}

}  // namespace flux::event
