// flux: headers=types.hpp libs=ssl,crypto
// flux: files=answers.cpp,assembly.cpp,codings.cpp,conditions.cpp,configuration.cpp,dates.cpp
// flux: files=backend.cpp,connecting.cpp,fastcgi.cpp,folder.cpp,journal.cpp,mime.cpp,pages.cpp
// flux: files=process.cpp,programs.cpp,ranges.cpp,responses.cpp,runner.cpp,scripts.cpp
// flux: files=sending.cpp,settings.cpp,sites.cpp
//
// The nodes of web.flux: plain functions, one a node, that know nothing of threads or locks.
//
// What can go wrong with a page is a page, too: so every sound request gets its reply in one way.
// Apologize is for requests that can't be read, and for our own mistakes.

#include "web.h"

#include <flux/flux.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <flux/nodes/timer.hpp>
#include <flux/nodes/tls.hpp>
#include <memory>
#include <new>
#include <system_error>
#include <utility>

#include "answers.hpp"
#include "assembly.hpp"
#include "programs.hpp"
#include "runner.hpp"
#include "scripts.hpp"
#include "sending.hpp"
#include "settings.hpp"
#include "sites.hpp"

namespace {

using namespace std::chrono_literals;

// For so long a page in memory is taken to be as its file is.
constexpr auto fresh = 1s;

flux::nodes::Listener listener;
flux::nodes::Timer timer{200ms};
journal::Journal access_log;
Sites sites;
flux::nodes::Limits limits;
Place place;
std::uint64_t most_requests = 0;  // on one connection; 0: any number
std::unique_ptr<Runner> php;      // if there are such scripts
std::optional<Programs> programs;

// Listens, too; BadUsage, or what else is wrong at the start.
void configure(const Settings& settings, const Configuration& configuration) {
  add_sites(sites, settings, configuration);
  if (!settings.php.empty()) php = make_runner(settings);
  programs.emplace(settings.cgi_timeout, settings.cgi_most);
  limits = limits_of(settings, php ? php->takes_uploads() : !settings.cgi.empty());
  access_log.path = settings.access_log;
  access_log.form = settings.log_format;
  if (access_log.path.empty()) timer.close();  // nothing is to be done now and then
  most_requests = settings.requests;
  set_up(listener, settings, configuration);
  open_listener(listener);
  place = {listener.host, listener.port, listener.tls != nullptr};
}

// `--help` ends the program.
std::pair<Settings, Configuration> settings_of(std::span<const char* const> words) {
  auto found = parse_settings(words);
  if (!found.first.help) return found;
  std::fputs(help().c_str(), stdout);
  std::exit(0);
}

// A wrong command line ends it, too.
[[noreturn]] void refuse(const BadUsage& bad) {
  std::fprintf(stderr, "%sweb.flux: error: %s\n", usage().c_str(), bad.what());
  std::exit(2);
}

// Whether the client may ask again.
bool may_keep(const Connection& conn) {
  const bool has_had_enough = most_requests > 0 && conn.uses() >= most_requests;
  return !listener.closed() && !has_had_enough;
}

// Send a reply as far as the client takes it, once.
void deliver(const Request& request, Reply& reply) {
  if (std::exchange(reply.is_sent, true)) return;
  reply.keep_alive = reply.keep_alive && request.http.keep_alive && may_keep(request.conn);
  send(request, reply, request.http.method == "HEAD");
}

// Close so that the client knows that the reply isn't whole: where the connection's end would be
// that of the body (HTTP/1.0), only a reset tells.
void break_off(const Request& request, const Reply& reply) {
  if (framing_of(request, reply) == flux::nodes::Framing::end) {
    request.conn.reset();
  } else {
    request.conn.abort();
  }
}

// What tells of the current error.
Reply apology(const Connection& conn) {
  const auto error = flux::current_exception();
  try {
    if (error) std::rethrow_exception(error);
  } catch (const flux::nodes::HttpError& wrong) {
    return refusal(wrong.status(), wrong.reason());
  } catch (const flux::nodes::Disconnected&) {
    return refusal(400, "the request is not whole");
  } catch (const std::bad_alloc&) {
    return refusal(503);
  } catch (...) {
  }
  std::fprintf(stderr, "cannot answer %s: %s\n", conn.peer().text().c_str(),
               flux_current_error()->text);
  return refusal(500);
}

}  // namespace

// Do as the command line says, and tell where the server listens.
int flux_init(int argc, char** argv) {
  const std::span<const char* const> words{argv, static_cast<std::size_t>(argc)};
  try {
    const auto [settings, configuration] = settings_of(words.subspan(1));
    configure(settings, configuration);
  } catch (const BadUsage& bad) {
    refuse(bad);
  } catch (const std::system_error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  } catch (const flux::nodes::BadCertificate& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}

void flux_finish() {
  listener.finish();
  timer.close();
}

void flux_interrupt() {
  listener.interrupt();
  timer.interrupt();
}

// Close what is still open, and write the last lines.
void flux_shutdown() {
  listener.close();
  try {
    access_log.write(access_log.take());
  } catch (const std::system_error& error) {
    std::fprintf(stderr, "the last lines of the access log are lost: %s\n", error.what());
  }
}

// The next connection that has something to read.
int Listen(Connection* conn) { return listener.listen(conn); }

// The request of a client that has begun to speak.
int ReadRequest(Connection conn, Request* request) {
  request->moment = std::chrono::system_clock::now();
  const auto deadline = flux::nodes::Clock::now() + listener.timeout;
  request->http = flux::nodes::read_request(conn, limits, deadline);
  request->site = &sites.of(request->http);
  request->conn = std::move(conn);
  return 0;
}

// What the cache knows of the page that is asked for, however old.
int CheckCache(Request request, Request* out_request, Page* page) {
  auto key = key_of(request.http.path);
  if (key) *page = request.site->cache.get(*key).value_or(nullptr);
  if (!*page) *page = std::make_shared<const Found>(Found{.key = std::move(key)});
  *out_request = std::move(request);
  return 0;
}

// Whether a page was compared with its file just now.
bool IsFresh(Page page) { return Found::Clock::now() < page->checked + fresh; }

// The page as it is in the folder.
int LookUp(Request request, Page page, Request* out_request, Page* out_page) {
  *out_page = request.site->pages.find(*page);
  *out_request = std::move(request);
  return 0;
}

// The page as it is; of several flows that looked it up the last has it kept.
int StoreInCache(Request request, Page page, Request* out_request, Page* out_page) {
  if (page->key && page->is_in_memory()) request.site->cache.put(*page->key, page, page->weight());
  *out_request = std::move(request);
  *out_page = std::move(page);
  return 0;
}

// Whether a page is what a program says, not what a file holds.
bool IsScript(Page page) { return page->is_script; }

// What a script answers, as far as it has come; 502, 503 or 504 if it can't.
//
// The client has the whole before the next script can begin, where that must wait for this one.
int RunScript(Request request, Page page, Request* out_request, Reply* reply) {
  Runner& runner = page->is_program ? static_cast<Runner&>(*programs) : *php;
  *reply = run(runner, request, *page, place);
  if (reply->rest && reply->rest->is_alone()) deliver(request, *reply);
  *out_request = std::move(request);
  return 0;
}

// The page in the form, and in the parts, that the client asks for.
int Represent(Request request, Page page, Request* out_request, Reply* reply) {
  *reply = represent(request.http, *page, std::time(nullptr));
  *out_request = std::move(request);
  return 0;
}

// The reply, sent as far as the client takes it.
int Write(Request request, Reply reply, Request* out_request, Reply* out_reply) {
  deliver(request, reply);
  *out_request = std::move(request);
  *out_reply = std::move(reply);
  return 0;
}

// Note the exchange for the access log.
int Log(Request request, Reply reply, Request* out_request, Reply* out_reply) {
  access_log.add(request, reply);
  *out_request = std::move(request);
  *out_reply = std::move(reply);
  return 0;
}

// Let the client ask again, or part.
int Complete(Request request, Reply reply) {
  if (reply.broken) {
    break_off(request, reply);
  } else if (reply.keep_alive) {
    listener.keep(std::move(request.conn));
  } else {
    request.conn.close();
  }
  return 0;
}

// What is wrong with a request, or (500, 503) with us; the client can't be understood again.
int Explain(Connection conn, Request* request, Reply* reply) {
  *reply = apology(conn);
  reply->keep_alive = false;
  request->moment = std::chrono::system_clock::now();
  request->conn = std::move(conn);
  return 0;
}

// The time for what is done now and then.
int Tick(uint64_t* tick) { return timer.tick(tick); }

// What has been logged since the last tick.
int TakeEntries(uint64_t, Entries* entries) {
  *entries = access_log.take();
  return 0;
}

// Write it to the file.
int AppendToLog(Entries entries) {
  access_log.write(entries);
  return 0;
}
