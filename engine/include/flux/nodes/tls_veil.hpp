// One connection's TLS, by OpenSSL: part of flux/nodes/tls.hpp.
//
// Theory of operation. OpenSSL moves no bytes itself here: it reads from one piece of memory, and
// writes to another. A flow that wants to receive or send moves them, waiting with its deadline as
// it does without TLS; so a handshake is a part of the first `receive`, and holds up nobody else.
// No call of OpenSSL waits: what it tells of errors by thread is never another flow's.
//
// A handshake that has failed isn't tried again: what is sent then fails at once. But who speaks
// HTTP as it is was told the wrong address, and may be told so: what is sent to him goes out as it
// is.

#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "flux/nodes/veil.hpp"

namespace flux::nodes::detail {

// What OpenSSL says is wrong.
inline std::string tls_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason ? reason : "no reason is known";
}

inline bool tls_says(int library, int reason) {
  const auto error = ERR_peek_last_error();
  return ERR_GET_LIB(error) == library && ERR_GET_REASON(error) == reason;
}

// What OpenSSL reads from and writes to.
struct TlsMemory {
  std::string incoming;
  std::string outgoing;
};

// Its functions, for OpenSSL to call.
class TlsMemoryCalls {
 public:
  static BIO* of(TlsMemory& memory) {
    static const TlsMemoryCalls calls;
    BIO* made = BIO_new(calls.method_.get());
    if (!made) throw std::bad_alloc();
    BIO_set_data(made, &memory);
    BIO_set_init(made, 1);
    return made;
  }

 private:
  TlsMemoryCalls() : method_(BIO_meth_new(BIO_TYPE_SOURCE_SINK, "flux"), &BIO_meth_free) {
    if (!method_) throw std::bad_alloc();
    BIO_meth_set_read(method_.get(), read);
    BIO_meth_set_write(method_.get(), write);
    BIO_meth_set_ctrl(method_.get(), control);
  }

  static int read(BIO* bio, char* into, int size) {
    auto& text = static_cast<TlsMemory*>(BIO_get_data(bio))->incoming;
    BIO_clear_retry_flags(bio);
    if (text.empty()) {
      BIO_set_retry_read(bio);
      return -1;
    }
    const auto count = text.copy(into, static_cast<std::size_t>(size));
    text.erase(0, count);
    if (text.empty()) std::string().swap(text);  // many connections only wait
    return static_cast<int>(count);
  }

  static int write(BIO* bio, const char* data, int size) noexcept {
    try {
      auto& text = static_cast<TlsMemory*>(BIO_get_data(bio))->outgoing;
      text.append(data, static_cast<std::size_t>(size));
      return size;
    } catch (const std::bad_alloc&) {  // not through OpenSSL, which is in C
      return -1;
    }
  }

  static long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

  std::unique_ptr<BIO_METHOD, decltype(&BIO_meth_free)> method_;
};

// One connection's TLS.
class TlsVeil final : public Veil {
 public:
  explicit TlsVeil(SSL_CTX* context) : tls_(SSL_new(context), &SSL_free) {
    if (!tls_) throw std::bad_alloc();
    BIO* const both = TlsMemoryCalls::of(memory_);
    SSL_set_bio(tls_.get(), both, both);
    SSL_set_accept_state(tls_.get());
  }

  std::size_t receive(const Wire& wire, std::span<char> into, Deadline deadline) override {
    agree(wire, deadline);
    if (!early_.empty()) return take_early(into);
    auto got = read(into);
    while (!got && !ended_) {
      flush(wire, deadline);
      fill(wire, deadline);
      got = read(into);
    }
    return got.value_or(0);
  }

  // Small parts are put together: each record costs a cipher's run, and some bytes.
  void send(const Wire& wire, std::span<const Bytes> parts, Deadline deadline) override {
    if (is_plain_) return wire.send(parts, deadline);
    agree(wire, deadline);
    std::string record;
    for (const Bytes& part : parts) {
      std::string_view rest(static_cast<const char*>(part.data()), part.size());
      while (!rest.empty()) {
        const auto fitting = rest.substr(0, chunk - record.size());
        record.append(fitting);
        rest.remove_prefix(fitting.size());
        if (record.size() == chunk) write(record, wire, deadline);
      }
    }
    write(record, wire, deadline);
    flush(wire, deadline);
  }

  bool has_input() const noexcept override {
    return !early_.empty() || SSL_pending(tls_.get()) > 0 || !memory_.incoming.empty();
  }

  Input look(const Wire& wire) noexcept override {
    if (!agreed_) return wire.look();
    try {
      for (bool is_all = false; early_.empty() && !is_all;) {
        is_all = ended_ || !fill_now(wire);
        read_early();
      }
    } catch (const std::exception&) {
      return Input::finished;
    }
    if (!early_.empty()) return Input::waiting;
    if (!ended_) return Input::none;
    close(wire);
    return Input::finished;
  }

  void close(const Wire& wire) noexcept override {
    ERR_clear_error();
    if (agreed_) SSL_shutdown(tls_.get());  // the client's own farewell is not waited for
    wire.send_now(memory_.outgoing);
    ERR_clear_error();
  }

 private:
  static constexpr std::size_t chunk = 16 * 1024;    // bytes; a record has no more
  static constexpr std::size_t at_once = 4 * chunk;  // bytes that are encrypted before they go out

  // The handshake, once.
  void agree(const Wire& wire, Deadline& deadline) {
    if (agreed_) return;
    if (std::exchange(has_failed_, true)) fail("no TLS");  // unless it goes well
    while (!agreed_) {
      ERR_clear_error();
      const int done = SSL_do_handshake(tls_.get());
      agreed_ = done == 1;
      const bool must_wait = SSL_get_error(tls_.get(), done) == SSL_ERROR_WANT_READ;
      if (!agreed_ && (!must_wait || ended_)) refuse(wire);
      flush(wire, deadline);
      if (!agreed_) fill(wire, deadline);
    }
    has_failed_ = false;
  }

  // Tell the client what is wrong, now or later.
  [[noreturn]] void refuse(const Wire& wire) {
    const std::string complaint = "no TLS: " + (ended_ ? "the client has gone" : tls_reason());
    is_plain_ = tls_says(ERR_LIB_SSL, SSL_R_HTTP_REQUEST);
    if (is_plain_) throw Unveiled(complaint);
    wire.send_now(std::exchange(memory_.outgoing, {}));
    fail(complaint);
  }

  [[noreturn]] static void fail(const std::string& what) {
    throw std::system_error(std::make_error_code(std::errc::connection_aborted), what);
  }

  // How many bytes could be decrypted, 0 at the end; none if more must come before.
  std::optional<std::size_t> read(std::span<char> into) {
    ERR_clear_error();
    std::size_t size = 0;
    const int done = SSL_read_ex(tls_.get(), into.data(), into.size(), &size);
    if (done == 1) return size;
    switch (SSL_get_error(tls_.get(), done)) {
      case SSL_ERROR_WANT_READ:
        return {};
      case SSL_ERROR_ZERO_RETURN:
        ended_ = true;
        return 0;
      default:
        fail("broken TLS: " + tls_reason());
    }
  }

  void read_early() {
    std::array<char, chunk> room;
    const auto got = read(room);
    if (got) early_.assign(room.data(), *got);
  }

  // Encrypt a record, which is then empty.
  void write(std::string& record, const Wire& wire, Deadline& deadline) {
    if (record.empty()) return;
    ERR_clear_error();
    std::size_t size = 0;
    if (SSL_write_ex(tls_.get(), record.data(), record.size(), &size) != 1) {
      fail("broken TLS: " + tls_reason());
    }
    record.clear();
    if (memory_.outgoing.size() >= at_once) flush(wire, deadline);
  }

  std::size_t take_early(std::span<char> into) {
    const auto count = early_.copy(into.data(), into.size());
    early_.erase(0, count);
    if (early_.empty()) std::string().swap(early_);
    return count;
  }

  void fill(const Wire& wire, Deadline& deadline) {
    std::array<char, chunk> room;
    take_in({room.data(), wire.receive(room, deadline)});
  }

  // Whether there may be more.
  bool fill_now(const Wire& wire) {
    std::array<char, chunk> room;
    const auto got = wire.receive_now(room);
    if (got) take_in({room.data(), *got});
    return got == room.size();
  }

  void take_in(std::string_view text) {
    ended_ = ended_ || text.empty();
    memory_.incoming.append(text);
  }

  void flush(const Wire& wire, Deadline& deadline) {
    if (memory_.outgoing.empty()) return;
    const std::string text = std::exchange(memory_.outgoing, {});
    const Bytes whole(text);
    wire.send({&whole, 1}, deadline);
  }

  TlsMemory memory_;  // for longer than what uses it
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_;
  bool agreed_ = false;
  bool has_failed_ = false;
  bool is_plain_ = false;  // and nothing but what is wrong is said
  bool ended_ = false;
  std::string early_;  // decrypted before anybody asked for it
};

}  // namespace flux::nodes::detail
