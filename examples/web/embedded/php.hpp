// PHP itself: what it calls of a server, and how a server calls it (its SAPI).
//
// All but `interrupt` belong in one thread.

#pragma once

#include <pthread.h>

class Performance;

namespace php {

// Whether PHP has started, with the settings that php.ini has for embedded ones.
bool start();

// Run a script from its beginning to its end.
void run(Performance& performance);

// Have the script that runs in a thread end soon, as one does that has used up its time.
void interrupt(pthread_t thread);

void stop();

}  // namespace php
