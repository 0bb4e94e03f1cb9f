// TLS for a listener, by OpenSSL: a program that includes this says `// flux: libs=ssl,crypto`.
//
//     listener.tls = std::make_shared<flux::nodes::Tls>("site.pem", "site.key");
//
// See flux/nodes/tls_veil.hpp for how connections speak it.

#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509err.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "flux/nodes/tcp.hpp"
#include "flux/nodes/tls_veil.hpp"
#include "flux/nodes/veil.hpp"

namespace flux::nodes {

// A certificate or a key is of no use: which file, and what would help.
class BadCertificate : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

namespace detail {

// The files of a certificate and its key, and what OpenSSL makes of them.
class TlsCredentials {
 public:
  using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

  // What else a context needs is set by `prepare`, each time one is made.
  TlsCredentials(std::string certificate, std::string key, std::function<void(SSL_CTX*)> prepare)
      : certificate_(std::move(certificate)),
        key_(std::move(key)),
        prepare_(std::move(prepare)),
        seen_(versions()),
        context_(load()) {}

  SSL_CTX* context() const noexcept { return context_.get(); }

  // Read the files again if they have changed.
  void look() {
    try {
      const auto found = versions();
      if (found == seen_) return;
      seen_ = found;
      context_ = load();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "flux: the old certificate stays: %s\n", error.what());
    }
  }

 private:
  using Version = std::array<std::int64_t, 3>;

  std::array<Version, 2> versions() const { return {version(certificate_), version(key_)}; }

  static Version version(const std::string& file) {
    struct stat found {};
    if (::stat(file.c_str(), &found) != 0) {
      throw std::system_error(errno, std::generic_category(), file);
    }
    return {static_cast<std::int64_t>(found.st_ino), found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
  }

  Context load() const {
    check();
    Context made(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
    if (!made) throw std::bad_alloc();
    SSL_CTX_set_min_proto_version(made.get(), TLS1_2_VERSION);
    SSL_CTX_set_options(made.get(), SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(made.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    prepare_(made.get());
    ERR_clear_error();
    const bool is_done =
        SSL_CTX_use_certificate_chain_file(made.get(), certificate_.c_str()) == 1 &&
        SSL_CTX_use_PrivateKey_file(made.get(), key_.c_str(), SSL_FILETYPE_PEM) == 1 &&
        SSL_CTX_check_private_key(made.get()) == 1;
    if (!is_done) complain();
    return made;
  }

  // Where OpenSSL would not say which file is wrong, or ask for a password.
  void check() const {
    if (content(certificate_).find("CERTIFICATE-----") == std::string::npos) {
      throw BadCertificate(certificate_ + " holds no certificate in the form PEM");
    }
    const auto text = content(key_);
    if (text.find("PRIVATE KEY-----") == std::string::npos) {
      throw BadCertificate(key_ + " holds no private key in the form PEM");
    }
    if (text.find("ENCRYPTED") != std::string::npos) {
      throw BadCertificate(key_ + " is encrypted: write it without, by `openssl pkey -in " + key_ +
                           " -out FILE`");
    }
  }

  static std::string content(const std::string& file) {
    errno = 0;
    std::ifstream opened(file);
    std::ostringstream whole;
    if (!opened || !(whole << opened.rdbuf())) {
      throw std::system_error(errno ? errno : EIO, std::generic_category(), file);
    }
    return whole.str();
  }

  [[noreturn]] void complain() const {
    if (is_of_another()) {
      throw BadCertificate(key_ + " is not the key of the first certificate in " + certificate_ +
                           ": name the key that it was made for, and put the server's own "
                           "certificate first");
    }
    throw BadCertificate("cannot use " + certificate_ + " with " + key_ + ": " + tls_reason());
  }

  // A key of another kind is taken at first, and then found to have no certificate.
  static bool is_of_another() {
    return tls_says(ERR_LIB_X509, X509_R_KEY_VALUES_MISMATCH) ||
           tls_says(ERR_LIB_X509, X509_R_KEY_TYPE_MISMATCH) ||
           tls_says(ERR_LIB_SSL, SSL_R_NO_CERTIFICATE_ASSIGNED);
  }

  std::string certificate_;
  std::string key_;
  std::function<void(SSL_CTX*)> prepare_;
  std::array<Version, 2> seen_;
  Context context_;
};

}  // namespace detail

// A chain of certificates and its key, in files of the form PEM, and the protocols above.
//
// Files that have changed are read again for new connections, within a second; if they can't be,
// the old ones stay, with a word on the standard error. At first that throws BadCertificate, or
// std::system_error if they can't be read.
class Tls final : public Veils {
 public:
  Tls(std::string certificate, std::string key,
      const std::vector<std::string>& protocols = {"http/1.1"})
      : protocols_(in_row(protocols)),
        own_(std::move(certificate), std::move(key), [this](SSL_CTX* context) {
          SSL_CTX_set_alpn_select_cb(context, choose_protocol, this);
          SSL_CTX_set_tlsext_servername_callback(context, choose_host);
          SSL_CTX_set_tlsext_servername_arg(context, this);
        }) {}

  // Have other files for clients who ask for a host (SNI); before the listener is opened.
  void add(std::string_view host, std::string certificate, std::string key) {
    named_.try_emplace(
        small(host), std::move(certificate), std::move(key),
        [this](SSL_CTX* context) { SSL_CTX_set_alpn_select_cb(context, choose_protocol, this); });
  }

  std::unique_ptr<Veil> veil() override {
    const std::lock_guard guard(lock_);
    if (Clock::now() >= looked_ + std::chrono::seconds(1)) {
      looked_ = Clock::now();
      own_.look();
      for (auto& [host, credentials] : named_) credentials.look();
    }
    return std::make_unique<detail::TlsVeil>(own_.context());
  }

 private:
  // Each behind its length.
  static std::string in_row(const std::vector<std::string>& protocols) {
    std::string row;
    for (const auto& each : protocols) row.append(1, static_cast<char>(each.size())).append(each);
    return row;
  }

  static std::string small(std::string_view host) {
    std::string name(host);
    std::ranges::transform(name, name.begin(), [](char letter) {
      return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    return name;
  }

  // The first of our protocols that the client speaks, too; without one, none is agreed on.
  static int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                             const unsigned char* offered, unsigned int offered_size, void* tls) {
    const auto& own = static_cast<const Tls*>(tls)->protocols_;
    const auto* ours = reinterpret_cast<const unsigned char*>(own.data());
    unsigned char* found = nullptr;
    const int result = SSL_select_next_proto(
        &found, size, ours, static_cast<unsigned int>(own.size()), offered, offered_size);
    *chosen = found;
    return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
  }

  static int choose_host(SSL* tls, int*, void* self) {
    const char* const host = SSL_get_servername(tls, TLSEXT_NAMETYPE_host_name);
    if (!host) return SSL_TLSEXT_ERR_NOACK;
    return static_cast<Tls*>(self)->use_host(tls, host);
  }

  int use_host(SSL* tls, std::string_view host) noexcept {
    try {
      const std::lock_guard guard(lock_);
      const auto found = named_.find(small(host));
      if (found == named_.end()) return SSL_TLSEXT_ERR_NOACK;
      SSL_set_SSL_CTX(tls, found->second.context());
      return SSL_TLSEXT_ERR_OK;
    } catch (const std::exception&) {  // not through OpenSSL, which is in C
      return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
  }

  const std::string protocols_;
  Clock::time_point looked_ = Clock::now();
  std::mutex lock_;  // guards what follows
  detail::TlsCredentials own_;
  std::map<std::string, detail::TlsCredentials, std::less<>> named_;
};

}  // namespace flux::nodes
