#include "udp_batch.hpp"

#include <algorithm>

namespace flux::nodes::detail {

DatagramBatch::DatagramBatch(std::size_t max_size, std::atomic<std::uint64_t>& dropped)
    : max_size_(max_size),
      dropped_(dropped),
      bytes_(std::make_unique_for_overwrite<char[]>(datagrams_a_call * max_size)) {}

int DatagramBatch::receive(int socket) noexcept {
  for (std::size_t index = 0; index < datagrams_a_call; ++index) {
    buffers_[index] = {bytes_.get() + index * max_size_, max_size_};
    msghdr& header = headers_[index].msg_hdr;
    header.msg_name = peers_[index].data();
    header.msg_namelen = Address::capacity;
    header.msg_iov = &buffers_[index];
    header.msg_iovlen = 1;
  }
  const int got = ::recvmmsg(socket, headers_.data(), datagrams_a_call, MSG_DONTWAIT, nullptr);
  first_ = 0;
  last_ = static_cast<std::size_t>(std::max(got, 0));
  return got;
}

bool DatagramBatch::next(std::string* data, Address* peer) {
  while (first_ < last_) {
    const std::size_t index = first_++;
    if ((headers_[index].msg_hdr.msg_flags & MSG_TRUNC) == 0) {
      data->assign(bytes_.get() + index * max_size_, headers_[index].msg_len);
      *peer = peers_[index];
      return true;
    }
    ++dropped_;
  }
  return false;
}

int send_some(int socket, std::span<const Datagram> datagrams) noexcept {
  std::array<iovec, datagrams_a_call> buffers;
  std::array<mmsghdr, datagrams_a_call> headers{};
  const std::size_t count = std::min(datagrams.size(), datagrams_a_call);
  for (std::size_t index = 0; index < count; ++index) {
    const auto& [data, peer] = datagrams[index];
    buffers[index] = {const_cast<void*>(data.data()), data.size()};
    msghdr& header = headers[index].msg_hdr;
    header.msg_name = const_cast<sockaddr*>(peer.data());
    header.msg_namelen = peer.size();
    header.msg_iov = &buffers[index];
    header.msg_iovlen = 1;
  }
  return ::sendmmsg(socket, headers.data(), static_cast<unsigned>(count), MSG_DONTWAIT);
}

}  // namespace flux::nodes::detail
