#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <ctime>

#include "calls_overlap.hpp"
#include "calls_support.hpp"

extern "C" {
int __poll_chk(pollfd*, nfds_t, int, size_t);
int __ppoll_chk(pollfd*, nfds_t, const timespec*, const sigset_t*, size_t);
}

namespace flux::tests {

namespace {

// Whoever asks which descriptors are ready hears of one of two.
template <class Call>
void polls(Call call) {
  const Ends silent = pipe_ends();
  const Ends ends = socket_ends();
  std::array polled{pollfd{silent.here, POLLIN, 0}, pollfd{ends.here, POLLIN, 0}};
  overlap([&] { CHECK(call(polled.data(), polled.size()) == 1); },
          [&] { CHECK(::write(ends.there, "x", 1) == 1); });
  CHECK(polled[0].revents == 0);
  CHECK(polled[1].revents == POLLIN);
}

template <class Call>
void selects(Call call) {
  const Ends silent = pipe_ends();
  const Ends ends = socket_ends();
  fd_set set;
  FD_ZERO(&set);
  FD_SET(silent.here, &set);
  FD_SET(ends.here, &set);
  overlap([&] { CHECK(call(std::max<int>(silent.here, ends.here) + 1, &set) == 1); },
          [&] { CHECK(::write(ends.there, "x", 1) == 1); });
  CHECK(!FD_ISSET(silent.here, &set));
  CHECK(FD_ISSET(ends.here, &set));
}

template <class Call>
void waits_for_epoll(Call call) {
  const Ends ends = pipe_ends();
  const Owned epoll{::epoll_create1(EPOLL_CLOEXEC)};
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = 42;
  REQUIRE(::epoll_ctl(epoll, EPOLL_CTL_ADD, ends.here, &event) == 0);
  epoll_event got{};
  overlap([&] { CHECK(call(epoll, &got) == 1); }, [&] { CHECK(::write(ends.there, "x", 1) == 1); });
  const std::uint64_t token = got.data.u64;
  CHECK(token == 42);
}

sigset_t no_signals() {
  sigset_t none;
  ::sigemptyset(&none);
  return none;
}

template <class Call>
void sleeps(Call call) {
  overlap([&] { CHECK(call() == 0); }, [] {});
}

constexpr timespec a_while{.tv_sec = 0, .tv_nsec = 2'000'000};

constexpr std::array overlap_polling{
    OverlapCase{"poll", [] { polls([](pollfd* its, nfds_t n) { return ::poll(its, n, -1); }); }},
    OverlapCase{"poll",
                [] { polls([](pollfd* its, nfds_t n) { return ::poll(its, n, 60'000); }); }},
    OverlapCase{"__poll_chk",
                [] {
                  polls([](pollfd* its, nfds_t n) {
                    return __poll_chk(its, n, -1, n * sizeof *its);
                  });
                }},
    OverlapCase{
        "ppoll",
        [] { polls([](pollfd* its, nfds_t n) { return ::ppoll(its, n, nullptr, nullptr); }); }},
    OverlapCase{"ppoll",
                [] {
                  polls([](pollfd* its, nfds_t n) {
                    const sigset_t none = no_signals();
                    return ::ppoll(its, n, nullptr, &none);
                  });
                }},
    OverlapCase{"__ppoll_chk",
                [] {
                  polls([](pollfd* its, nfds_t n) {
                    return __ppoll_chk(its, n, nullptr, nullptr, n * sizeof *its);
                  });
                }},
    OverlapCase{"select",
                [] {
                  selects([](int count, fd_set* read) {
                    return ::select(count, read, nullptr, nullptr, nullptr);
                  });
                }},
    OverlapCase{"pselect",
                [] {
                  selects([](int count, fd_set* read) {
                    const sigset_t none = no_signals();
                    return ::pselect(count, read, nullptr, nullptr, nullptr, &none);
                  });
                }},
    OverlapCase{"epoll_wait",
                [] {
                  waits_for_epoll(
                      [](int its, epoll_event* got) { return ::epoll_wait(its, got, 1, -1); });
                }},
    OverlapCase{"epoll_pwait",
                [] {
                  waits_for_epoll([](int its, epoll_event* got) {
                    const sigset_t none = no_signals();
                    return ::epoll_pwait(its, got, 1, -1, &none);
                  });
                }},
    OverlapCase{"epoll_pwait2",
                [] {
                  waits_for_epoll([](int its, epoll_event* got) {
                    return ::epoll_pwait2(its, got, 1, nullptr, nullptr);
                  });
                }},
    OverlapCase{"sleep", [] { sleeps([] { return ::sleep(1); }); }},
    OverlapCase{"usleep", [] { sleeps([] { return ::usleep(2000); }); }},
    OverlapCase{"nanosleep", [] { sleeps([] { return ::nanosleep(&a_while, nullptr); }); }},
    OverlapCase{
        "clock_nanosleep",
        [] { sleeps([] { return ::clock_nanosleep(CLOCK_MONOTONIC, 0, &a_while, nullptr); }); }},
    OverlapCase{"sched_yield", [] { sleeps(::sched_yield); }},
};

}  // namespace

std::span<const OverlapCase> polling_cases() { return overlap_polling; }

}  // namespace flux::tests
