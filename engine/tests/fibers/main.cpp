#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

// By this the shared object finds the interpreter.
extern "C" [[gnu::visibility("default")]] int PyThread_start_new_thread() { return 0; }
