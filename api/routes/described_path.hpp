// What a path takes, as the API's own description says: methods, and the parameters of a query.
#pragma once

#include "api/http/http.hpp"

namespace cpl {

struct DescribedPath {
  std::vector<std::string> segments;  // "{index}" stands for any.
  std::string allowed;                // As in the field Allow: "GET, HEAD, POST, OPTIONS".
  // By method; HEAD has those of GET.
  std::vector<std::pair<HttpMethod, std::vector<std::string>>> parameters;

  bool allows(HttpMethod method) const;
};

// Null where there is no such path.
const DescribedPath* described_path(std::span<const std::string> segments);

// Each parameter of the query must be one that the path takes with this method, stand there once,
// and say something. Errors name the parameter, and what is taken.
Result<void> check_query(const DescribedPath& path, const HttpRequest& request);

// "\"x\" is not a parameter of this path, which takes a, b and c"
Error unknown_parameter(std::string_view name, std::span<const std::string_view> taken);

}  // namespace cpl
