// Functions that follow scripts, and a record of what the engine does with them: the C++ twin of
// properties/stage.py.
//
// A script is a word for each turn and each flow, with a letter for each thing that a function is
// asked. Values carry numbers that say where they come from, so that a record shows which value
// went where. A thread carries one turn or flow at a time, so what happens on a thread belongs to
// what it has last begun.
//
// Functions are plain and carry no state, so one program is on stage at a time.
#pragma once

#include <cstdint>
#include <flux/program.hpp>
#include <initializer_list>
#include <istream>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <variant>

// A value that owns memory: one that was moved away is noticed.
struct Parcel {
  std::string label;
};

namespace stage {

int number(int value);
int number(const char* value);
int number(const Parcel& value);

// Where an output goes.
class Room {
 public:
  Room(int* place) : place_{place} {}
  Room(char** place) : place_{place} {}
  Room(Parcel* place) : place_{place} {}
  void put(int number) const;

 private:
  std::variant<int*, char**, Parcel*> place_;
};

// What the functions of a program consist of.
int node(std::string_view name, std::initializer_list<int> inputs,
         std::initializer_list<Room> outputs);
bool predicate(std::string_view name, int input);
std::uint64_t session(std::string_view name, std::initializer_list<int> inputs);

// A turn of a source begins on this thread, or the flow that a turn has started.
void turn_begins(const flux::Flow& flow, std::string_view source);
void flow_begins(const flux::Flow& flow);

// Reads the scripts, a line each: 0 for a turn or 1 for a flow, the source, the number, letters.
// The observer watches the constraints and the ends of flows.
std::unique_ptr<flux::Observer> enter(const flux::Program& program, std::istream& scripts);

// What has happened in each turn and flow, and who was inside a constraint beside a writer.
void tell(std::ostream& out);

}  // namespace stage
