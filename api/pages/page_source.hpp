// Where pages have their facts from: whoever answers the API's paths. So nothing is on a page that
// programs cannot get, and the same pages can be made of another's answers.
#pragma once

#include "api/html/page.hpp"
#include "api/http/http.hpp"
#include "api/pages/said.hpp"

namespace cpl {

class PageSource {
 public:
  PageSource() = default;
  virtual ~PageSource() = default;
  PageSource(const PageSource&) = delete;
  PageSource& operator=(const PageSource&) = delete;

  // "/v1/models?limit=20", what is written into it encoded.
  virtual Result<Json> get(const Href& path) const = 0;
  // A question that is too long for a path.
  virtual Result<Json> ask(const Href& path, const Json& question) const = 0;
};

// What the path and the form of a page's address say. What was left empty in a form is not there.
struct PageRequest {
  std::vector<std::string> places;  // In the order of the pattern.
  HttpParameters query;             // And what was sent of a form.
  bool is_sent = false;             // A form was.
  std::string form_key = {};        // What a form must bring along; empty where nothing is asked.

  std::string_view place(std::size_t at = 0) const { return places[at]; }
  std::string_view asked(std::string_view name) const;  // Empty where it is not.
};

using PageFunction = Result<Page> (*)(const PageRequest& request, const PageSource& source);

}  // namespace cpl
