#include "sending.hpp"

#include <algorithm>
#include <cerrno>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

namespace {

using flux::nodes::Bytes;

constexpr std::uint64_t chunk = 64 * 1024;

// Sends the start of a reply together with the first piece of its body.
class Sender {
 public:
  Sender(const flux::nodes::Connection& conn, std::string_view start)
      : conn_{conn}, start_{start} {}

  void send(const Piece& piece) {
    if (const auto* text = std::get_if<0>(&piece.content)) {
      send(std::string_view{**text}.substr(piece.start, piece.size));
    } else {
      send(*std::get<1>(piece.content), piece.start, piece.start + piece.size);
    }
  }

  // What has not gone out with the body.
  void finish() {
    if (!start_.empty()) conn_.send(start_);
  }

  [[nodiscard]] std::uint64_t sent() const { return sent_; }

 private:
  void send(std::string_view part) {
    conn_.send({std::exchange(start_, {}), part});
    sent_ += part.size();
  }

  void send(const File& file, std::uint64_t at, std::uint64_t end) {
    std::vector<char> room(std::min(chunk, end - at));
    while (at < end) {
      const auto size = file.read(at, std::span{room}.first(std::min(chunk, end - at)));
      if (size == 0) {
        throw std::system_error{EIO, std::generic_category(), "the file has become shorter"};
      }
      send({room.data(), size});
      at += size;
    }
  }

  const flux::nodes::Connection& conn_;
  std::string_view start_;
  std::uint64_t sent_ = 0;
};

}  // namespace

void send(const Request& request, Reply& reply, bool head) {
  std::vector<flux::nodes::Field> fields;
  for (const auto& [name, value] : reply.fields) fields.push_back({name, value});
  const auto start = flux::nodes::response(
      reply.status, fields, {}, {.keep_alive = reply.keep_alive, .length = reply.length()});
  Sender sender{request.conn, start.head()};
  try {
    if (!head) {
      for (const auto& piece : reply.body) sender.send(piece);
    }
    sender.finish();
  } catch (const std::system_error&) {  // the client is gone, or too slow; or the file has changed
    reply.broken = true;
  }
  reply.sent = sender.sent();
}
