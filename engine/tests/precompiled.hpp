// What many tests include, compiled before them.

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <sstream>
#include <thread>

#include "../src/precompiled.hpp"
