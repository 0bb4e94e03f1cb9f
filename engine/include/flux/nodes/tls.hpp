// TLS for a listener, by OpenSSL: a program that includes this says `// flux: libs=ssl,crypto`.
//
//     listener.tls = std::make_shared<flux::nodes::Tls>("site.pem", "site.key");
//
// Theory of operation. OpenSSL moves no bytes itself here: it reads from one piece of memory, and
// writes to another. A flow that wants to receive or send moves them, waiting with its deadline as
// it does without TLS; so a handshake is a part of the first `receive`, and holds up nobody else.
// No call of OpenSSL waits: what it tells of errors by thread is never another flow's.

#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "flux/nodes/tcp.hpp"
#include "flux/nodes/veil.hpp"

namespace flux::nodes {

namespace detail {

// What OpenSSL says is wrong.
inline std::string tls_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason ? reason : "no reason is known";
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

  static int write(BIO* bio, const char* data, int size) {
    static_cast<TlsMemory*>(BIO_get_data(bio))
        ->outgoing.append(data, static_cast<std::size_t>(size));
    return size;
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

  void send(const Wire& wire, std::span<const Bytes> parts, Deadline deadline) override {
    agree(wire, deadline);
    std::string whole;
    for (const Bytes& part : parts) {
      whole.append(static_cast<const char*>(part.data()), part.size());
    }
    write(whole);
    flush(wire, deadline);
  }

  bool has_input() const noexcept override {
    return !early_.empty() || SSL_pending(tls_.get()) > 0 || !memory_.incoming.empty();
  }

  Input look(const Wire& wire) noexcept override {
    if (!agreed_) return wire.look();
    try {
      fill_now(wire);
      std::array<char, chunk> room;
      const auto got = early_.empty() ? read(room) : std::nullopt;
      if (got) early_.assign(room.data(), *got);
      if (!early_.empty()) return Input::waiting;
      if (!got && !ended_) return Input::none;
      close(wire);
      return Input::finished;
    } catch (const std::exception&) {
      return Input::finished;
    }
  }

  void close(const Wire& wire) noexcept override {
    ERR_clear_error();
    if (agreed_) SSL_shutdown(tls_.get());  // the client's own farewell is not waited for
    wire.send_now(memory_.outgoing);
    ERR_clear_error();
  }

 private:
  static constexpr std::size_t chunk = 16 * 1024;  // bytes; a record has no more

  // The handshake, once.
  void agree(const Wire& wire, Deadline& deadline) {
    while (!agreed_) {
      ERR_clear_error();
      const int done = SSL_do_handshake(tls_.get());
      agreed_ = done == 1;
      const bool must_wait = SSL_get_error(tls_.get(), done) == SSL_ERROR_WANT_READ;
      if (!agreed_ && (!must_wait || ended_)) refuse(wire);
      flush(wire, deadline);
      if (!agreed_) fill(wire, deadline);
    }
  }

  // What is wrong, for the client as well.
  [[noreturn]] void refuse(const Wire& wire) {
    const std::string reason = ended_ ? "the client has gone" : tls_reason();
    wire.send_now(memory_.outgoing);
    fail("no TLS: " + reason);
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

  void write(std::string_view text) {
    if (text.empty()) return;
    ERR_clear_error();
    std::size_t size = 0;
    if (SSL_write_ex(tls_.get(), text.data(), text.size(), &size) == 1) return;
    fail("broken TLS: " + tls_reason());
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

  void fill_now(const Wire& wire) {
    std::array<char, chunk> room;
    auto got = wire.receive_now(room);
    for (; got && *got == room.size(); got = wire.receive_now(room)) take_in({room.data(), *got});
    if (got) take_in({room.data(), *got});
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
  bool ended_ = false;
  std::string early_;  // decrypted before anybody asked for it
};

}  // namespace detail

// A chain of certificates and its key, in files of the form PEM, and the protocols above.
//
// Files that have changed are read again for new connections, within a second; if they can't be,
// the old ones stay, with a word on the standard error. Throws std::system_error if they can't be
// read at first.
class Tls final : public Veils {
 public:
  Tls(std::string certificate, std::string key, std::vector<std::string> protocols = {"http/1.1"})
      : certificate_(std::move(certificate)), key_(std::move(key)) {
    for (const auto& each : protocols) {
      protocols_.append(1, static_cast<char>(each.size())).append(each);
    }
    seen_ = versions();
    context_ = load();
  }

  std::unique_ptr<Veil> veil() override {
    const std::lock_guard guard(lock_);
    if (Clock::now() >= looked_ + std::chrono::seconds(1)) look();
    return std::make_unique<detail::TlsVeil>(context_.get());
  }

 private:
  using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
  using Version = std::array<std::int64_t, 3>;

  void look() {
    looked_ = Clock::now();
    try {
      const auto found = versions();
      if (found == seen_) return;
      seen_ = found;
      context_ = load();
    } catch (const std::system_error& error) {
      std::fprintf(stderr, "flux: the old certificate stays: %s\n", error.what());
    }
  }

  std::array<Version, 2> versions() const { return {version(certificate_), version(key_)}; }

  static Version version(const std::string& file) {
    struct stat found {};
    if (::stat(file.c_str(), &found) != 0) {
      throw std::system_error(errno, std::generic_category(), file);
    }
    return {static_cast<std::int64_t>(found.st_ino), found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
  }

  Context load() {
    Context made(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
    if (!made) throw std::bad_alloc();
    SSL_CTX_set_min_proto_version(made.get(), TLS1_2_VERSION);
    SSL_CTX_set_options(made.get(), SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(made.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_alpn_select_cb(made.get(), choose, this);
    ERR_clear_error();
    check(SSL_CTX_use_certificate_chain_file(made.get(), certificate_.c_str()), certificate_);
    check(SSL_CTX_use_PrivateKey_file(made.get(), key_.c_str(), SSL_FILETYPE_PEM), key_);
    return made;
  }

  static void check(int done, const std::string& file) {
    if (done == 1) return;
    const auto reason = file + ": " + detail::tls_reason();
    throw std::system_error(std::make_error_code(std::errc::invalid_argument), reason);
  }

  // The first of our protocols that the client speaks, too; without one, none is agreed on.
  static int choose(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned int offered_size, void* tls) {
    const auto& own = static_cast<const Tls*>(tls)->protocols_;
    const auto* ours = reinterpret_cast<const unsigned char*>(own.data());
    unsigned char* found = nullptr;
    const int result = SSL_select_next_proto(
        &found, size, ours, static_cast<unsigned int>(own.size()), offered, offered_size);
    *chosen = found;
    return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
  }

  std::string certificate_;
  std::string key_;
  std::string protocols_;  // each behind its length
  std::array<Version, 2> seen_{};
  Clock::time_point looked_ = Clock::now();
  Context context_{nullptr, &SSL_CTX_free};
  std::mutex lock_;
};

}  // namespace flux::nodes
