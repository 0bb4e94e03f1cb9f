#include "tcp_sending.hpp"

#include <algorithm>
#include <cstring>

namespace flux::nodes::detail {

namespace {

constexpr int flags = MSG_NOSIGNAL | MSG_DONTWAIT;

}  // namespace

ssize_t Unsent::send(int socket) noexcept {
  const ssize_t sent = is_small() ? send_together(socket) : send_gathered(socket);
  if (sent > 0) skip(static_cast<std::size_t>(sent));
  return sent;
}

bool Unsent::is_small() const noexcept {
  std::size_t size = 0;
  for (const Bytes& part : parts_) {
    size += part.size();
    if (size > small) return false;
  }
  return true;
}

ssize_t Unsent::send_together(int socket) const noexcept {
  std::array<char, small> bytes;
  std::size_t size = 0;
  for (const Bytes& part : parts_) {
    if (part.size() > 0) std::memcpy(bytes.data() + size, part.data(), part.size());
    size += part.size();
  }
  return ::send(socket, bytes.data() + offset_, size - offset_, flags);
}

ssize_t Unsent::send_gathered(int socket) const noexcept {
  std::array<iovec, window> pieces;
  const std::size_t count = std::min(parts_.size(), window);
  for (std::size_t index = 0, sent = offset_; index < count; ++index, sent = 0) {
    const auto* const start = static_cast<const char*>(parts_[index].data()) + sent;
    pieces[index] = {const_cast<char*>(start), parts_[index].size() - sent};
  }
  msghdr message{};
  message.msg_iov = pieces.data();
  message.msg_iovlen = count;
  return ::sendmsg(socket, &message, flags | (count < parts_.size() ? MSG_MORE : 0));
}

void Unsent::skip(std::size_t sent) noexcept {
  offset_ += sent;
  while (!parts_.empty() && offset_ >= parts_.front().size()) {
    offset_ -= parts_.front().size();
    parts_ = parts_.subspan(1);
  }
}

}  // namespace flux::nodes::detail
