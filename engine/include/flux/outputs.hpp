// The outputs of a handler, which nobody reads, but which it needs room for.

#pragma once

#include <cstddef>
#include <tuple>

namespace flux {

template <std::size_t Inputs, class... Parameters>
struct outputs_behind;

template <class... Outputs>
struct outputs_behind<0, Outputs*...> {
  using type = std::tuple<Outputs...>;
};

template <std::size_t Inputs, class First, class... Rest>
requires(Inputs > 0) struct outputs_behind<Inputs, First, Rest...>
    : outputs_behind<Inputs - 1, Rest...> {
};

template <class Function, std::size_t Inputs>
struct outputs;

template <class Result, class... Parameters, std::size_t Inputs>
struct outputs<Result(Parameters...), Inputs> : outputs_behind<Inputs, Parameters...> {};

template <class Result, class... Parameters, std::size_t Inputs>
struct outputs<Result(Parameters...) noexcept, Inputs> : outputs_behind<Inputs, Parameters...> {};

// The parameters behind the inputs of a function are pointers to these.
template <class Function, std::size_t Inputs>
using outputs_t = typename outputs<Function, Inputs>::type;

}  // namespace flux
