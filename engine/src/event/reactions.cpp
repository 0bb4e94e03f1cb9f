#include "reactions.hpp"

#include <sched.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <flux/lock.hpp>
#include <mutex>

#include "calls/real.hpp"
#include "loop.hpp"
#include "overflow.hpp"
#include "watch.hpp"

namespace flux::event {

namespace {

using Handler = void (*)(int, siginfo_t*, void*);

// A signal, and what it did before.
struct Reaction {
  int signal;
  Handler handler;
  bool spares_handlers;
  struct sigaction before;
  bool is_installed;
};

std::atomic<Watch*> asked_watch{nullptr};
std::atomic<int> asking{0};  // handlers that use it

void on_question(int, siginfo_t*, void*) {
  const int before = errno;
  asking.fetch_add(1);
  if (Watch* const watch = asked_watch.load()) {
    watch->ask();
  }
  asking.fetch_sub(1);
  errno = before;
}

void on_whereabouts(int, siginfo_t*, void*) {
  const Loop* const loop = Loop::current();
  if (loop != nullptr && loop->watch() != nullptr) {
    loop->watch()->tell(*loop);
  }
}

void on_fault(int signal, siginfo_t* info, void* context);

std::array reactions{Reaction{SIGUSR1, on_question, true, {}, false},
                     Reaction{SIGSEGV, on_fault, false, {}, false},
                     Reaction{SIGBUS, on_fault, false, {}, false}};

ShortLock guard;
int runtimes = 0;

// With a stack of its own: what runs may have little left of its.
struct sigaction action(Handler handler) noexcept {
  struct sigaction made {};
  made.sa_sigaction = handler;
  made.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
  return made;
}

void install(Reaction& reaction) noexcept {
  sigaction(reaction.signal, nullptr, &reaction.before);
  const bool is_handled =
      reaction.before.sa_handler != SIG_DFL && reaction.before.sa_handler != SIG_IGN;
  reaction.is_installed = !(is_handled && reaction.spares_handlers);
  if (reaction.is_installed) {
    const struct sigaction next = action(reaction.handler);
    sigaction(reaction.signal, &next, nullptr);
  }
}

void restore(const Reaction& reaction) noexcept {
  if (reaction.is_installed) {
    sigaction(reaction.signal, &reaction.before, nullptr);
  }
}

// The fault comes again where the handler returns to; one that was sent has to be sent again.
void die(int signal, const siginfo_t& info) noexcept {
  struct sigaction usual {};
  usual.sa_handler = SIG_DFL;
  sigaction(signal, &usual, nullptr);
  if (info.si_code <= 0) {
    raise(signal);
  }
}

void on_fault(int signal, siginfo_t* info, void* context) {
  const struct sigaction& before = reactions[signal == SIGSEGV ? 1 : 2].before;
  if (tell_overflow(info->si_addr)) {
    die(signal, *info);
  } else if ((before.sa_flags & SA_SIGINFO) != 0) {
    before.sa_sigaction(signal, info, context);
  } else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) {
    before.sa_handler(signal);
  } else {
    die(signal, *info);
  }
}

}  // namespace

Reactions::Reactions(Watch& watch) noexcept : watch_{watch} {
  const std::scoped_lock guarded{guard};
  asked_watch = &watch;
  real::write.find();  // found now: handlers mustn't look for it
  if (runtimes++ == 0) {
    const struct sigaction next = action(on_whereabouts);
    sigaction(whereabouts_signal(), &next, nullptr);
    for (Reaction& each : reactions) {
      install(each);
    }
  }
}

Reactions::~Reactions() {
  const std::scoped_lock guarded{guard};
  if (--runtimes == 0) {
    for (const Reaction& each : reactions) {
      restore(each);
    }
  }
  Watch* own = &watch_;
  asked_watch.compare_exchange_strong(own, nullptr);
  while (asking.load() > 0) {
    real::sched_yield();
  }
}

void hear_reactions() noexcept {
  sigset_t heard;
  sigemptyset(&heard);
  sigaddset(&heard, whereabouts_signal());
  for (const Reaction& each : reactions) {
    sigaddset(&heard, each.signal);
  }
  pthread_sigmask(SIG_UNBLOCK, &heard, nullptr);
}

// One that few others choose: they count from either end.
int whereabouts_signal() noexcept { return SIGRTMIN + 11; }

}  // namespace flux::event
