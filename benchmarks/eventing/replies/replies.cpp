// flux: headers=types.hpp
//
// The nodes of replies.flux. Every connection that Listen gives ends in Complete, which hands it
// back to the listener or closes it, or in Apologize.

#include "replies.h"

#include <flux/flux.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <flux/nodes/http.hpp>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using flux::nodes::HttpError;

// No request here needs a body: one that comes is ignored.
constexpr flux::nodes::Limits limits{.body = 64 * 1024};
constexpr std::string_view nothing_here = "404 Not Found\n";

flux::nodes::Listener listener;
std::array<Page, 3> pages;

Page page_of(std::size_t kibibytes) {
  auto name = std::to_string(kibibytes);
  std::string text(kibibytes * 1024, '\0');
  std::minstd_rand random;
  std::generate(text.begin(), text.end(), [&] { return static_cast<char>('a' + random() % 26); });
  return {"/" + name, std::move(text), "\"" + name + "\""};
}

// Whether a client knows a tag: If-None-Match, by weak comparison as RFC 9110 has it.
bool is_known(std::string_view tag, std::string_view known) {
  while (!known.empty()) {
    const auto comma = std::min(known.find(','), known.size());
    auto one = known.substr(0, comma);
    known.remove_prefix(std::min(comma + 1, known.size()));
    one.remove_prefix(std::min(one.find_first_not_of(" \t"), one.size()));
    one = one.substr(0, one.find_last_not_of(" \t") + 1);
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == tag || one == "*") return true;
  }
  return false;
}

// Answer a request that can't be served, or throw on what is wrong otherwise.
void refuse(const Connection& conn, const std::exception_ptr& reason) {
  try {
    std::rethrow_exception(reason);
  } catch (const HttpError& error) {
    const auto text = std::string{error.what()}.append("\n");
    const flux::nodes::Field what{"Content-Type", "text/plain"};
    const flux::nodes::Field allowed{"Allow", "GET, HEAD"};
    const auto fields = error.status() == 405 ? std::vector{what, allowed} : std::vector{what};
    conn.send(flux::nodes::response(error.status(), fields, text, {.keep_alive = false}).parts());
    conn.close();
  }
}

}  // namespace

// `--port N`; without it, any that is free.
int flux_init(int argc, char** argv) {
  const std::span<char*> words{argv, static_cast<std::size_t>(argc)};
  if (words.size() == 3 && words[1] == std::string_view{"--port"}) {
    listener.port = std::stoi(words[2]);
  } else if (words.size() != 1) {
    std::fputs("replies.flux wants `--port N`, or nothing\n", stderr);
    return 2;
  }
  pages = {page_of(1), page_of(16), page_of(100)};
  listener.backlog = 4096;
  listener.max_connections = 16'384;
  listener.timeout = std::chrono::seconds{10};
  listener.open();
  std::printf("listening on http://%s:%d\n", listener.host.c_str(), listener.port);
  return std::fflush(stdout);
}

void flux_finish() { listener.finish(); }

void flux_interrupt() { listener.interrupt(); }

void flux_shutdown() { listener.close(); }

// The next connection that has something to read.
int Listen(Connection* conn) { return listener.listen(conn); }

// What its client asks for.
int ReadRequest(Connection conn, Connection* out_conn, Request* request) {
  const auto deadline = flux::nodes::Clock::now() + listener.timeout;
  *request = flux::nodes::read_request(conn, limits, deadline);
  *out_conn = std::move(conn);
  return 0;
}

// The page of that path, or that the client has it already, or that there is none.
int Find(Connection conn, Request request, Connection* out_conn, Reply* reply) {
  reply->head = request.method == "HEAD";
  if (!reply->head && request.method != "GET") throw HttpError{405};
  reply->keep_alive = request.keep_alive && !listener.closed();
  const auto page = std::find_if(pages.begin(), pages.end(),
                                 [&](const Page& each) { return each.path == request.path; });
  if (page != pages.end()) {
    const auto known = request.headers.get("If-None-Match");
    reply->page = &*page;
    reply->status = known && is_known(page->tag, *known) ? 304 : 200;
  }
  *out_conn = std::move(conn);
  return 0;
}

// Send it, from where it is.
int Write(Connection conn, Reply reply, Connection* out_conn, Reply* out_reply) {
  const flux::nodes::ResponseOptions options{.head = reply.head, .keep_alive = reply.keep_alive};
  if (const auto* page = reply.page) {
    conn.send(flux::nodes::response(reply.status,
                                    {{"Content-Type", "text/plain"}, {"ETag", page->tag}},
                                    page->text, options)
                  .parts());
  } else {
    conn.send(
        flux::nodes::response(reply.status, {{"Content-Type", "text/plain"}}, nothing_here, options)
            .parts());
  }
  *out_conn = std::move(conn);
  *out_reply = reply;
  return 0;
}

// Let the client ask again, or part.
int Complete(Connection conn, Reply reply) {
  if (reply.keep_alive) {
    listener.keep(std::move(conn));
  } else {
    conn.close();
  }
  return 0;
}

// Answer what is wrong with a request. A client who is gone, or too slow, gets nothing.
int Apologize(Connection conn) {
  try {
    refuse(conn, flux::current_exception());
  } catch (const std::exception&) {
    conn.abort();
  }
  return 0;
}
