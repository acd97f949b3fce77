// Which row of the table a request is for, and what is wrong where none or another one is.
#pragma once

#include <array>

#include "api/routes/route.hpp"

namespace cpl {

struct Path {
  std::vector<std::string> segments;
  std::vector<std::size_t> places;        // Those of the segments that hold a "{name}".
  bool open_ended = false;                // The last place stands for all that follows.
  std::string allowed;                    // As in Allow: "GET, HEAD, POST, OPTIONS".
  std::array<const Route*, 7> rows = {};  // By HttpMethod. HEAD has the row of GET.

  // Null where the path does not take the method.
  const Route* row(HttpMethod method) const;
};

// Null where there is no such path.
const Path* find_path(std::span<const std::string> segments);

Error no_such_path();
// With Allow; the problem itself is the caller's to make.
Error method_not_allowed(const Path& path);
// Each parameter of the query must be one that the row takes, stand there once, and say something.
Result<void> check_query(const Route& route, const HttpRequest& request);
// 415 and 406: the body is of a type that the row takes, and Accept names one that it gives.
Result<void> check_media_types(const Route& route, const HttpRequest& request);

// "\"x\" is not a parameter of this path, which takes a, b and c"
Error unknown_parameter(std::string_view name, std::span<const std::string_view> taken);

// Whether Accept names HTML in so many words, as browsers do.
bool asks_for_page(const HttpRequest& request);

std::vector<std::string_view> words_of(std::string_view list);

// The text at /.
std::string index_text();

}  // namespace cpl
