#include "sending.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

#include "hex.hpp"

using flux::nodes::Framing;

namespace {

constexpr std::uint64_t chunk = 64 * 1024;
constexpr int most_unsent = 256 * 1024;

// Sends the start of a reply together with the first piece of its body.
class Sender {
 public:
  Sender(const flux::nodes::Connection& conn, std::string_view start, bool in_chunks)
      : conn_{conn}, start_{start}, in_chunks_{in_chunks} {}

  void send(const Piece& piece) {
    if (const auto* text = std::get_if<0>(&piece.content)) {
      send(std::string_view{**text}.substr(piece.start, piece.size));
    } else {
      send(*std::get<1>(piece.content), piece.start, piece.start + piece.size);
    }
  }

  // What comes, until its end.
  void send(Script& rest) {
    for (auto text = rest.read(); !text.empty(); text = rest.read()) send(text);
  }

  void end_chunks() {
    if (in_chunks_) conn_.send({std::exchange(start_, {}), "0\r\n\r\n"});
  }

  // What has not gone out with the body.
  void finish() {
    if (!start_.empty()) conn_.send(start_);
  }

  [[nodiscard]] std::uint64_t sent() const { return sent_; }

 private:
  void send(std::string_view part) {
    if (part.empty()) return;
    const auto start = std::exchange(start_, {});
    if (in_chunks_) {
      conn_.send({start, hex(part.size()), "\r\n", part, "\r\n"});
    } else {
      conn_.send({start, part});
    }
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
  bool in_chunks_;
  std::uint64_t sent_ = 0;
};

std::vector<flux::nodes::Field> fields_of(const Reply& reply) {
  std::vector<flux::nodes::Field> fields;
  fields.reserve(reply.fields.size() + (reply.known ? reply.known->size() : 0));
  const auto add = [&](const auto& field) { fields.push_back({field.first, field.second}); };
  if (reply.known) std::for_each(reply.known->begin(), reply.known->end(), add);
  std::for_each(reply.fields.begin(), reply.fields.end(), add);
  return fields;
}

// A client that takes a large body slowly would else have megabytes of the system's memory.
void hold_back(const Reply& reply, const flux::nodes::Connection& conn) {
  if (!reply.rest && reply.length() <= most_unsent) return;
  ::setsockopt(conn.descriptor(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &most_unsent, sizeof most_unsent);
}

void send_body(Sender& sender, const Reply& reply) {
  for (const auto& piece : reply.body) sender.send(piece);
  if (reply.rest) sender.send(*reply.rest);
  sender.end_chunks();
}

// Whether the whole has gone out.
bool send_all(Sender& sender, const Reply& reply, bool head) {
  try {
    if (!head) send_body(sender, reply);
    sender.finish();
    return true;
  } catch (const ScriptError& error) {
    std::fprintf(stderr, "a script breaks off: %s\n", error.what());
  } catch (const std::system_error&) {  // the client is gone, or too slow; or the file has changed
  } catch (const flux::nodes::HttpError&) {  // the client sends its body too slowly
  }
  return false;
}

}  // namespace

Framing framing_of(const Request& request, const Reply& reply) {
  if (!reply.rest) return Framing::length;
  return request.http.version == "1.1" ? Framing::chunks : Framing::end;
}

void send(const Request& request, Reply& reply, bool head) {
  const auto fields = fields_of(reply);
  const auto framing = framing_of(request, reply);
  reply.keep_alive = reply.keep_alive && framing != Framing::end;
  const auto start = flux::nodes::response(
      reply.status, fields, {},
      {.keep_alive = reply.keep_alive, .length = reply.length(), .framing = framing});
  if (!head) hold_back(reply, request.conn);
  Sender sender{request.conn, start.head(), framing == Framing::chunks};
  reply.broken = !send_all(sender, reply, head);
  reply.sent = sender.sent();
  if (reply.rest) reply.rest->close();
}
