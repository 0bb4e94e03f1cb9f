#include <flux/program.hpp>

int main(int argc, char** argv) { return flux::main(flux_program(), argc, argv); }
