// flux: headers=types.hpp libs=jpeg cxxflags=-O3
// flux: files=gallery.cpp,jpeg.cpp,lanczos.cpp,options.cpp,picture.cpp,ppm.cpp,replies.cpp
//
// The nodes of image.flux: plain functions, one a node, that know nothing of threads or locks.
//
// Every connection that Listen gives ends in one of four nodes: Complete hands it back to the
// listener or closes it; FourOhFour and Apologize answer what went wrong; HangUp only closes it,
// for after half a reply no other can be sent.

#include "image.h"

#include <flux/flux.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <flux/nodes/http.hpp>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "lfu.hpp"
#include "options.hpp"
#include "replies.hpp"

namespace {

struct Cached {
  std::optional<gallery::Version> version;
  std::shared_ptr<const jpeg::Jpeg> jpeg;
};

// No request here needs a body: one that comes is ignored.
constexpr flux::nodes::Limits limits{.body = 64 * 1024};

flux::nodes::Listener listener;
gallery::Gallery pictures;
LeastFrequentlyUsed<Key, Cached> cache;

void configure(const Options& options) {
  pictures = {options.root, options.max_pixels};
  cache.set_bound(options.cache_bytes);
  listener.host = options.host;
  listener.port = options.port;
  listener.backlog = options.backlog;
  listener.max_connections = options.connections;
  listener.timeout = options.timeout;
  listener.idle_timeout = options.idle_timeout;
}

// A wrong command line ends the program, as `--help` does.
Options options_of(std::span<const char* const> words) {
  try {
    auto options = parse_options(words);
    if (!options.help) return options;
    std::fputs(help().c_str(), stdout);
    std::exit(0);
  } catch (const BadUsage& bad) {
    std::fprintf(stderr, "%simage.flux: error: %s\n", usage().c_str(), bad.what());
    std::exit(2);
  }
}

int open_listener() {
  try {
    listener.open();
  } catch (const std::system_error& error) {
    std::fprintf(stderr, "cannot listen on %s:%d: %s\n", listener.host.c_str(), listener.port,
                 error.code().message().c_str());
    return 1;
  }
  const flux::nodes::Address address(listener.host, listener.port);
  flux_announce(("listening on http://" + address.text()).c_str());
  return 0;
}

bool stays(const Request& request) { return request.keep_alive && !listener.closed(); }

void part(Connection conn, bool keep_alive) {
  if (keep_alive) {
    listener.keep(std::move(conn));
  } else {
    conn.close();
  }
}

// Answer the current error; without a sound request, the client can't be understood again.
void refuse(Connection conn, const Request* request) {
  const auto refusal = refusal_of(flux::current_exception());
  if (refusal.is_fault) {
    const auto what = request != nullptr ? request->target : conn.peer().text();
    std::fprintf(stderr, "cannot answer %s: %s\n", what.c_str(), flux_current_error()->text);
  }
  const bool head = request != nullptr && request->head;
  const bool keep_alive = request != nullptr && stays(*request);
  try {
    conn.send(refusal.response({.head = head, .keep_alive = keep_alive}).parts());
  } catch (const std::system_error&) {  // the client is gone, or too slow
    conn.abort();
    return;
  }
  part(std::move(conn), keep_alive);
}

}  // namespace

// Do as the command line says, and tell where the server listens.
int flux_init(int argc, char** argv) {
  const std::span<const char* const> words{argv, static_cast<std::size_t>(argc)};
  configure(options_of(words.subspan(1)));
  return open_listener();
}

void flux_finish() { listener.finish(); }

void flux_interrupt() { listener.interrupt(); }

void flux_shutdown() { listener.close(); }

// The next connection that has something to read.
int Listen(Connection* conn) { return listener.listen(conn); }

// The picture that a client asks for, and which version of it there is now.
int ReadRequest(Connection conn, Connection* out_conn, Picture* picture) {
  const auto deadline = flux::nodes::Clock::now() + listener.timeout;
  *picture = asked_for(flux::nodes::read_request(conn, limits, deadline));
  picture->version = pictures.version(picture->request->key.name);
  *out_conn = std::move(conn);
  return 0;
}

// The picture with its JPEG, if the cache has that of this version.
int CheckCache(Connection conn, Picture picture, Connection* out_conn, Picture* out_picture) {
  const auto* entry = cache.get(picture.request->key);
  if (entry != nullptr && entry->version == picture.version) {
    picture.jpeg = entry->jpeg;
    picture.cached = true;
  }
  *out_conn = std::move(conn);
  *out_picture = std::move(picture);
  return 0;
}

// Whether CheckCache found the picture.
bool TestInCache(Picture picture) { return picture.cached; }

// The picture's pixels.
int ReadInFromDisk(Connection conn, Picture picture, Connection* out_conn, Picture* out_picture,
                   Pixels* pixels) {
  *pixels = pictures.read(picture.request->key.name);
  *out_conn = std::move(conn);
  *out_picture = std::move(picture);
  return 0;
}

// The picture with its JPEG, newly made.
int Compress(Connection conn, Picture picture, Pixels pixels, Connection* out_conn,
             Picture* out_picture) {
  try {
    picture.jpeg = std::make_shared<jpeg::Jpeg>(
        jpeg::compress(pixels, picture.request->key.shape, pictures.max_pixels));
  } catch (const jpeg::BadShape& error) {
    throw Refused{picture.request, 400, error.what()};
  }
  *out_conn = std::move(conn);
  *out_picture = std::move(picture);
  return 0;
}

// The picture as it is; of several flows that made its JPEG the first has it kept.
int StoreInCache(Connection conn, Picture picture, Connection* out_conn, Picture* out_picture) {
  const auto& key = picture.request->key;
  const auto* entry = cache.get(key);
  if (picture.version && (entry == nullptr || entry->version != picture.version)) {
    cache.put(key, {picture.version, picture.jpeg}, picture.jpeg->data.size());
  }
  *out_conn = std::move(conn);
  *out_picture = std::move(picture);
  return 0;
}

// Send the picture.
int Write(Connection conn, Picture picture, Connection* out_conn, Picture* out_picture) {
  picture.keep_alive = stays(*picture.request);
  conn.send(picture_reply(picture, picture.keep_alive).parts());
  *out_conn = std::move(conn);
  *out_picture = std::move(picture);
  return 0;
}

// Let the client ask again, or part.
int Complete(Connection conn, Picture picture) {
  part(std::move(conn), picture.keep_alive);
  return 0;
}

// Answer that there is no such picture (404), or none that can be read (500, 503).
int FourOhFour(Connection conn, Picture picture) {
  refuse(std::move(conn), picture.request.get());
  return 0;
}

// Answer what is wrong with the request, or (500, 503) with us.
int Apologize(Connection conn) {
  const auto error = flux::current_exception();
  try {
    if (error) std::rethrow_exception(error);
  } catch (const flux::nodes::Disconnected&) {
    conn.abort();
    return 0;
  } catch (const Refused& refused) {
    refuse(std::move(conn), refused.request().get());
    return 0;
  } catch (...) {
  }
  refuse(std::move(conn), nullptr);
  return 0;
}

// Close a connection whose client is gone, or too slow.
int HangUp(Connection conn, Picture) {
  conn.abort();
  return 0;
}
