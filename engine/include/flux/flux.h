/* What a file of nodes sees of Flux, in C and in C++: codes, the error being handled, hooks. */

#pragma once

#include <limits.h>

/* From the first node of a source's turn: the source has nothing more to give. */
#define FLUX_END INT_MIN
/* No case of a node matched its inputs. */
#define FLUX_NO_MATCH (INT_MIN + 1)
/* A C++ exception left a node or a predicate. */
#define FLUX_EXCEPTION (INT_MIN + 2)
/* A C++ exception left a session function. */
#define FLUX_NO_SESSION (INT_MIN + 3)

#ifdef __cplusplus
#include <exception>
#include <string>
#include <string_view>

extern "C" {
#endif

struct flux_error {
  const char *node; /* the node that failed */
  int code;         /* what it returned, or one of the codes above */
  const char *text; /* what() of the exception, or "" */
};

/* The error that the running handler handles; NULL outside of handlers. */
const struct flux_error *flux_current_error(void);

/* The running flow's place in its trace, for the header `traceparent` of who is called next, with a
   NUL behind it; empty if it is in none. Gives its length: 0 or 55. docs/traces.md says more. */
int flux_traceparent(char text[56]);

/* The running flow belongs to the trace of who called; what is no context changes nothing. */
void flux_join_trace(const char *traceparent);

/* Print a line, such as where the server listens: of several workers, one does. */
void flux_announce(const char *line);

/* Hooks; a nodes file may define each of them, or leave it out. */

/* Called first, with the program's own arguments; if it gives non-zero, the server doesn't start.
 */
int flux_init(int argc, char **argv) __attribute__((weak));

/* Called last, when the flows have finished or been cut. */
void flux_shutdown(void) __attribute__((weak));

/* Called when the server begins to stop, if it is there: every source is to give what it still has,
   and to end. Their turns go on until they do, at most as long as flows may take. */
void flux_finish(void) __attribute__((weak));

/* Called when a turn in progress is abandoned: wakes sources that wait, by closing a listener. */
void flux_interrupt(void) __attribute__((weak));

#ifdef __cplusplus
}

namespace flux {

/* The exception behind the error that the running handler handles; null if there is none. */
std::exception_ptr current_exception() noexcept;

/* As `flux_traceparent` and `flux_join_trace`. */
std::string traceparent();
void join_trace(std::string_view traceparent);

}  // namespace flux
#endif
