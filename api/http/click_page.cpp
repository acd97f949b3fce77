#include "api/http/click_page.hpp"

#include "api/http/problem.hpp"

namespace cpl {

HttpResponse click_page(const std::string& words, const std::optional<Button>& button) {
  std::string html =
      "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width\">"
      "<title>Certified Products List notices</title></head>\n<body>\n"
      "<h1>Certified Products List notices</h1>\n<p>" +
      words + "</p>\n";
  if (button) {
    html += "<form method=\"post\"><input type=\"hidden\" name=\"" + button->field + "\" value=\"" +
            button->value + "\"><button>" + button->words + "</button></form>\n";
  }
  HttpResponse response =
      text_response(200, "text/html; charset=utf-8", html + "</body>\n</html>\n");
  response.headers.emplace_back("Content-Security-Policy",
                                "default-src 'none'; form-action 'self'; frame-ancestors 'none'");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  return response;
}

}  // namespace cpl
