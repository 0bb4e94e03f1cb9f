// What a client asks for: `/name.jpg?width=640&height=480&quality=75`.
//
// One of width and height alone keeps the picture's shape. Other parameters are not looked at.

#pragma once

#include <cstddef>
#include <flux/nodes/http.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gallery.hpp"
#include "jpeg.hpp"

// What the cache knows a picture by.
struct Key {
  std::string name;
  jpeg::Shape shape;

  bool operator==(const Key&) const = default;
};

template <>
struct std::hash<Key> {
  std::size_t operator()(const Key& key) const noexcept;
};

// What remains of an HTTP request after it has been read, for the parser's views live shorter.
struct Request {
  std::string target;
  std::string known;  // the versions that the client has: If-None-Match
  bool head = false;
  bool keep_alive = false;
  Key key;
};

// Sound HTTP that asks for what isn't to be had; the connection is as good as before.
class Refused : public flux::nodes::HttpError {
 public:
  Refused(std::shared_ptr<const Request> request, int status, std::string_view reason)
      : HttpError{status, reason}, request_{std::move(request)} {}

  [[nodiscard]] const std::shared_ptr<const Request>& request() const { return request_; }

 private:
  std::shared_ptr<const Request> request_;
};

// A picture in the form that a client asks for, and its JPEG once there is one. Copies are cheap:
// they share what never changes.
struct Picture {
  std::shared_ptr<const Request> request;
  std::optional<gallery::Version> version;
  std::shared_ptr<const jpeg::Jpeg> jpeg;
  bool cached = false;
  bool keep_alive = false;  // what its reply has told the client
};

// The picture that a request is about, or Refused.
Picture asked_for(const flux::nodes::Request& request);
