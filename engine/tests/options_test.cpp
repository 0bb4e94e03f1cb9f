#include <doctest/doctest.h>

#include <cmath>
#include <flux/options.hpp>
#include <string>
#include <vector>

namespace {

flux::Usage parsed(std::vector<const char*> words) {
  words.insert(words.begin(), "./server");
  return flux::parse(static_cast<int>(words.size()), words.data());
}

std::string complaint(const std::vector<const char*>& words) {
  try {
    parsed(words);
  } catch (const flux::BadUsage& bad) {
    return bad.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("without options a server runs on threads") {
  const flux::Options options = parsed({}).options;
  CHECK(options.runtime == flux::RuntimeKind::thread);
  CHECK(options.queue == 1024);
  CHECK_FALSE(options.max_flows);
  CHECK(options.drain == 25);
  CHECK(options.arguments == std::vector<std::string>{"./server"});
}

TEST_CASE("options may be followed by their values, or contain them") {
  const flux::Options options = parsed({"--runtime", "pool", "--threads=3", "--queue", "7",
                                        "--max-flows=9", "--drain", "0.5"})
                                    .options;
  CHECK(options.runtime == flux::RuntimeKind::pool);
  CHECK(options.threads == 3);
  CHECK(options.queue == 7);
  CHECK(options.max_flows == 9);
  CHECK(options.drain == 0.5);
}

TEST_CASE("what stands behind the dashes is the program's") {
  const flux::Usage usage = parsed({"--drain", "7", "--", "--help", "--", "x"});
  CHECK_FALSE(usage.help);
  CHECK(usage.options.arguments == std::vector<std::string>{"./server", "--help", "--", "x"});
}

TEST_CASE("help and version can be asked for") {
  CHECK(parsed({"--help"}).help);
  CHECK(parsed({"--version"}).version);
}

TEST_CASE("bad usage is named with its remedy") {
  CHECK(complaint({"--runtime", "fibers"}) ==
        "`--runtime` must be `thread`, `pool` or `event`, not `fibers`");
  CHECK(complaint({"--cores", "65"}) == "`--cores` must be from 1 to 64");
  CHECK(complaint({"--stack", "0"}) == "`--stack` must be from 32 to 1,048,576 KiB");
  CHECK(complaint({"--stall", "x"}) ==
        "`--stall` must be a number from 0 to 1,000,000 ms, not `x`");
  CHECK(complaint({"--threads", "0"}) == "`--threads` must be from 1 to 1,000,000");
  CHECK(complaint({"--threads", "1000001"}) == "`--threads` must be from 1 to 1,000,000");
  CHECK(complaint({"--queue", "-1"}) == "`--queue` must be a number from 1 to 1,000,000, not `-1`");
  CHECK(complaint({"--queue"}) == "`--queue` must be a number from 1 to 1,000,000, not ``");
  CHECK(complaint({"--max-flows", "3x"}) ==
        "`--max-flows` must be a number from 1 to 1,000,000, not `3x`");
  CHECK(complaint({"--drain", "-1"}) == "`--drain` must be 0 seconds or more");
  CHECK(complaint({"--drain", "nan"}) == "`--drain` must be 0 seconds or more");
  CHECK(complaint({"--port"}) ==
        "`--port` is no option; put the program's own arguments behind `--`");
}

TEST_CASE("an option that the runtime has no use for is refused") {
  CHECK(complaint({"--threads", "2"}) ==
        "`--threads` is for `--runtime pool`, and this is `--runtime thread`");
  CHECK(complaint({"--queue=2", "--runtime=event"}) ==
        "`--queue` is for `--runtime pool`, and this is `--runtime event`");
  CHECK(complaint({"--stall", "9", "--runtime", "pool"}) ==
        "`--stall` is for `--runtime event`, and this is `--runtime pool`");
  CHECK(complaint({"--max-flows", "9", "--runtime", "event", "--cores", "2"}) == "none");
}

TEST_CASE("a server may wait for ever for its flows") {
  CHECK(std::isinf(parsed({"--drain", "inf"}).options.drain));
}

TEST_CASE("a profile may be asked for in several ways") {
  const flux::Options options = parsed({"--profile", "--profile-file=p.json", "--profile-listen",
                                        "127.0.0.1:0", "--profile-token-file", "token"})
                                    .options;
  CHECK(options.profile);
  CHECK(options.profile_file == "p.json");
  CHECK(options.profile_listen == "127.0.0.1:0");
  CHECK(options.profile_token_file == "token");
}

TEST_CASE("traces may be asked for, all of them or some") {
  CHECK_FALSE(parsed({}).options.trace);
  CHECK(parsed({"--trace", "http://127.0.0.1:4318"}).options.trace_every == 1000);
  const flux::Options options =
      parsed({"--trace", "http://127.0.0.1:4318", "--trace-every", "1"}).options;
  CHECK(options.trace == "http://127.0.0.1:4318");
  CHECK(options.trace_every == 1);
  CHECK(complaint({"--trace", "4318"}) ==
        "`--trace` must be like `http://127.0.0.1:4318`, not `4318`");
  CHECK(complaint({"--trace-every", "10"}) ==
        "`--trace-every` is for `--trace`, which is not given");
  CHECK(complaint({"--trace", "http://a", "--trace-every", "0"}) ==
        "`--trace-every` must be from 1 to 1,000,000,000");
}

TEST_CASE("an address that isn't one is refused") {
  CHECK(complaint({"--profile-listen", "9100"}) ==
        "`--profile-listen` must be like `127.0.0.1:9100` or `unix:/run/image.sock`, not `9100`");
  CHECK(complaint({"--profile-token-file", "token"}) ==
        "`--profile-token-file` is for `--profile-listen`, which is not given");
  CHECK(complaint({"--profile-file="}) == "`--profile-file` must name a file");
  CHECK(complaint({"--profile-file=nowhere/p.json"}) ==
        "`--profile-file` must be in a folder that is there, which nowhere isn't");
}

TEST_CASE("a server may be several processes") {
  CHECK_FALSE(parsed({}).options.workers);
  CHECK(parsed({"--workers", "4"}).options.workers == 4);
  CHECK(complaint({"--workers", "0"}) == "`--workers` must be from 1 to 64");
}

TEST_CASE("workers have a while to start") {
  CHECK(parsed({"--workers", "4"}).options.start_timeout == 60);
  CHECK(parsed({"--workers", "4", "--start-timeout", "0.5"}).options.start_timeout == 0.5);
  CHECK(complaint({"--workers=4", "--start-timeout=0"}) ==
        "`--start-timeout` must be more than 0 seconds");
  CHECK(complaint({"--workers=4", "--start-timeout=nan"}) ==
        "`--start-timeout` must be more than 0 seconds");
  CHECK(complaint({"--start-timeout=9"}) ==
        "`--start-timeout` is for `--workers`, which is not given");
}
