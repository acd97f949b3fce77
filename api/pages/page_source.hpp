// Where pages have their facts from: whoever answers the API's paths. So nothing is on a page that
// programs cannot get, and the same pages can be made of another's answers.
#pragma once

#include "api/html/page.hpp"
#include "api/http/http.hpp"
#include "api/pages/said.hpp"

namespace cpl {

// A request to the API, as a page makes it.
struct ApiRequest {
  HttpMethod method = HttpMethod::get;
  Href path;
  Bytes body = {};            // JSON.
  std::string if_match = {};  // The tag of what is to be changed, as the reader saw it.
  std::string key = {};       // Names what is made, so that it is made once: the Idempotency-Key.
};

struct ApiAnswer {
  Bytes body;
  std::string tag;  // Empty where it has none.

  Result<Json> json() const;
};

class PageSource {
 public:
  PageSource() = default;
  virtual ~PageSource() = default;
  PageSource(const PageSource&) = delete;
  PageSource& operator=(const PageSource&) = delete;

  // What is written into the path is encoded: "/v1/models?limit=20".
  virtual Result<ApiAnswer> answer(const ApiRequest& asked) const = 0;

  Result<Json> get(const Href& path) const;
  // A question that is too long for a path.
  Result<Json> ask(const Href& path, const Json& question) const;
};

// Who looks at the page, where it is known.
struct Viewer {
  std::string party = {};    // Empty: nobody is signed in.
  std::string session = {};  // Its id; empty: the Party's client certificate speaks.
  bool is_service_desk = false;
  bool may_sign_in = false;  // Whether Parties sign in where the page is served.
};

// What the path and the form of a page's address say. What was left empty in a form is not there.
struct PageRequest {
  std::vector<std::string> places;  // In the order of the pattern.
  HttpParameters query;             // And what was sent of a form.
  bool is_sent = false;             // A form was.
  std::string form_key = {};        // What a form must bring along; empty where nothing is asked.
  std::string sent_form = {};       // The id of the form that was sent, where it was sealed.
  Viewer viewer = {};

  std::string_view place(std::size_t at = 0) const { return places[at]; }
  std::string_view asked(std::string_view name) const;  // Empty where it is not.
};

using PageFunction = Result<Page> (*)(const PageRequest& request, const PageSource& source);

}  // namespace cpl
