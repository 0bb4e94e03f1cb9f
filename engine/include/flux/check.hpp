// Checks that a node is defined with the signature that its program gives it.
//
// C++ takes a definition with other parameters for another function of the same name: the program
// would only fail to link, and the linker shows no line. So a node must be the only function of
// its name. Where it isn't, converting the name to a type that no function has makes the compiler
// list them all: the one that the user wrote and the one that the program declares.

#pragma once

namespace flux::check {

// Takes a function whose name stands for no other.
struct sole {
  template <class Function>
  void operator()(Function*) const;
};

template <class>
struct no_type;

// Depends on a parameter, so that the conversion is tried only where it shall fail.
template <class Sole>
using signature_of_the_program = no_type<Sole> (*)(no_type<Sole>);

}  // namespace flux::check

#define FLUX_CHECK_NODE(node)                               \
  template <class Sole>                                     \
  void flux_check_##node(Sole sole) {                       \
    if constexpr (!requires { sole(&::node); })             \
      flux::check::signature_of_the_program<Sole>{&::node}; \
  }                                                         \
  template void flux_check_##node<flux::check::sole>(flux::check::sole)
