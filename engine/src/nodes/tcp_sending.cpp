#include "tcp_sending.hpp"

#include <algorithm>

namespace flux::nodes::detail {

ssize_t Unsent::send(int socket) noexcept {
  std::array<iovec, window> pieces;
  const std::size_t count = std::min(parts_.size(), window);
  for (std::size_t index = 0; index < count; ++index) {
    pieces[index] = {const_cast<void*>(parts_[index].data()), parts_[index].size()};
  }
  pieces[0].iov_base = static_cast<char*>(pieces[0].iov_base) + offset_;
  pieces[0].iov_len -= offset_;
  msghdr message{};
  message.msg_iov = pieces.data();
  message.msg_iovlen = count;
  const int more = count < parts_.size() ? MSG_MORE : 0;
  const ssize_t sent = ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT | more);
  if (sent > 0) skip(static_cast<std::size_t>(sent));
  return sent;
}

void Unsent::skip(std::size_t sent) noexcept {
  offset_ += sent;
  while (!parts_.empty() && offset_ >= parts_.front().size()) {
    offset_ -= parts_.front().size();
    parts_ = parts_.subspan(1);
  }
}

}  // namespace flux::nodes::detail
