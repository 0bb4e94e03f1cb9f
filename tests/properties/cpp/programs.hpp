// The programs that were compiled into a binary.
#pragma once

#include <flux/program.hpp>
#include <vector>

extern const std::vector<flux::Program (*)()> programs;
