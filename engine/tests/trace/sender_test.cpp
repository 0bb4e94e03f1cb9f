#include "trace/sender.hpp"

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>

#include <chrono>
#include <flux/nodes/address.hpp>
#include <flux/nodes/descriptor.hpp>
#include <regex>
#include <string>
#include <thread>

#include "../event/caught_stderr.hpp"
#include "../profile/measured.hpp"
#include "kept.hpp"
#include "trace/otlp.hpp"

using flux::nodes::Address;
using flux::nodes::detail::Descriptor;
using flux::tests::let_work;
using flux::tests::Measured;
using flux::trace::Receiver;
using flux::trace::Sender;
using namespace std::chrono_literals;

namespace {

flux::Deadline in(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

// Takes one request after the other, and answers as it is told.
class Collector {
 public:
  Collector() {
    Address address{"127.0.0.1", 0};
    REQUIRE(bind(listener_.get(), address.data(), address.size()) == 0);
    REQUIRE(listen(listener_.get(), 8) == 0);
  }

  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(Address::of(listener_.get()).port());
  }

  // The next request, whose client gets that answer.
  std::string request(const std::string& answer) {
    const Descriptor client{accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
    std::string text;
    char piece[4096];
    while (!is_whole(text)) {
      const ssize_t size = recv(client.get(), piece, sizeof piece, 0);
      REQUIRE(size > 0);
      text.append(piece, static_cast<std::size_t>(size));
    }
    send(client.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
    return text;
  }

 private:
  static bool is_whole(const std::string& text) {
    const std::size_t head = text.find("\r\n\r\n");
    const std::size_t length = text.find("Content-Length: ");
    return head != text.npos && text.size() == head + 4 + std::stoul(text.substr(length + 16));
  }

  Descriptor listener_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
};

const std::string fine = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
const std::string busy = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
const std::string wrong = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";

class Sent {
 public:
  explicit Sent(const std::string& url, flux::trace::Pairs headers = {})
      : sender{with(Receiver::parse(url), std::move(headers)), measured.program(),
               flux::trace::resource_of(measured.program(), {}, nullptr)} {
    measured.profiler().trace(1, sender);
    measured.profiler().start();
  }

  Measured measured{};
  Sender sender;

 private:
  static Receiver with(Receiver receiver, flux::trace::Pairs headers) {
    receiver.headers = std::move(headers);
    return receiver;
  }
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

// How many spans were told to be dropped.
std::uint64_t dropped(const std::string& told) {
  const std::regex line{"flux: ([0-9]+) spans of traces dropped: "};
  std::uint64_t sum = 0;
  for (std::sregex_iterator each{told.begin(), told.end(), line}; each != std::sregex_iterator{};
       ++each) {
    sum += std::stoul((*each)[1]);
  }
  return sum;
}

}  // namespace

TEST_SUITE("the sender of traces") {
  TEST_CASE("spans go to the receiver as OTLP's JSON") {
    Collector collector;
    Sent sent{collector.url(), {{"authorization", "Bearer secret"}}};
    sent.measured.run(2);
    const std::string request = collector.request(fine);
    CHECK(request.starts_with("POST /v1/traces HTTP/1.1\r\n"));
    CHECK(contains(request, "Content-Type: application/json\r\n"));
    CHECK(contains(request, "authorization: Bearer secret\r\n"));
    CHECK(contains(request, R"("name":"Listen")"));
    CHECK(contains(request, R"("name":"Work")"));
    CHECK(contains(request, R"({"key":"service.name","value":{"stringValue":"test"}})"));
    CHECK(contains(request, R"("stringValue":"Listen -> Serve:[_] -> Work -> Check"})"));
  }

  TEST_CASE("what the receiver can't take now is sent again") {
    Collector collector;
    const flux::tests::CaughtStderr caught;
    Sent sent{collector.url()};
    sent.measured.run(2);
    const std::string first = collector.request(busy);
    CHECK(collector.request(fine) == first);
    sent.sender.finish(in(10s));
    CHECK(contains(caught.text(), ": status 503\n"));
  }

  TEST_CASE("what the receiver refuses is dropped, and told") {
    Collector collector;
    const flux::tests::CaughtStderr caught;
    Sent sent{collector.url()};
    sent.measured.run(2);
    collector.request(wrong);
    sent.sender.finish(in(10s));
    CHECK(contains(caught.text(), ": status 400\n"));
    CHECK(dropped(caught.text()) == 5);
  }

  TEST_CASE("the rest is sent when the server ends") {
    Collector collector;
    Sent sent{collector.url()};
    std::string request;
    std::thread receiving{[&] { request = collector.request(fine); }};
    sent.measured.run(2);
    sent.sender.finish(in(10s));
    receiving.join();
    CHECK(contains(request, R"("name":"Work")"));
  }

  TEST_CASE("a receiver that is away, or says nothing, holds nobody up for long") {
    Collector silent;
    const flux::tests::CaughtStderr caught;
    for (const std::string& url : {std::string{"http://127.0.0.1:1"}, silent.url()}) {
      CAPTURE(url);
      const auto begun = std::chrono::steady_clock::now();
      {
        Sent sent{url};
        sent.measured.run(2);
        sent.sender.finish(in(200ms));
      }
      CHECK(std::chrono::steady_clock::now() - begun < 2s);
    }
    CHECK(contains(caught.text(), "Connection refused"));
  }

  TEST_CASE("what finds no room is dropped") {
    const flux::tests::CaughtStderr caught;
    {
      Sent sent{"http://127.0.0.1:1"};
      for (int number = 0; number < 20'000; ++number) {
        sent.measured.run(2);
      }
      sent.sender.finish(in(60s));
    }
    CHECK(dropped(caught.text()) == 100'000);
  }
}
