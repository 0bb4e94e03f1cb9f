// The answers: a picture, that it hasn't changed, or why there is none.

#pragma once

#include <exception>
#include <flux/nodes/http.hpp>
#include <string>

#include "picture.hpp"

// The JPEG, or that the client has it already. It looks into the picture until it is sent.
flux::nodes::Response picture_reply(const Picture& picture, bool keep_alive);

// How an error is answered: by a status and a line of text that says what is wrong.
struct Refusal {
  int status = 500;
  std::string text;
  bool is_fault = true;  // ours or the folder's, not the client's

  // It looks into the text until it is sent.
  [[nodiscard]] flux::nodes::Response response(const flux::nodes::ResponseOptions& options) const;
};

// The answer to an error; to a null one, which was only a code, that the fault is ours.
Refusal refusal_of(const std::exception_ptr& error);
