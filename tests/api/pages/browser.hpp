// A Party's browser: it keeps the cookie, follows what pages say, and sends their forms.
#pragma once

#include "crypto/encoding.hpp"
#include "tests/api/pages/page_reader.hpp"

namespace cpl::testing {

using Fields = std::vector<std::pair<std::string, std::string>>;

inline std::string form_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    out += is_plain ? std::string(1, c) : "%" + to_hex(BytesView(&c, 1));
  }
  return out;
}

inline std::string form_body(const Fields& fields) {
  std::string body;
  for (const auto& [name, value] : fields) {
    body += (body.empty() ? "" : "&") + form_encoded(name) + "=" + form_encoded(value);
  }
  return body;
}

// What stands behind `before` in the text, up to the next quotation mark.
inline std::string quoted_after(const std::string& text, const std::string& before) {
  const auto at = text.find(before);
  if (at == text.npos) return {};
  const auto from = at + before.size();
  return text.substr(from, text.find('"', from) - from);
}

inline bool says(const HttpResponse& response, std::string_view words) {
  return read_page(response).words.find(words) != std::string::npos;
}

class Browser {
 public:
  explicit Browser(TestApi& api) : registry(api) {}

  HttpResponse look(const std::string& target) {
    return keep(registry.send_with(HttpMethod::get, target, headers({})));
  }
  // As a page of ours sends it, but for what `other` says.
  HttpResponse post(const std::string& target, const Fields& fields,
                    const std::map<std::string, std::string>& other = {}) {
    std::map<std::string, std::string> all = {
        {"Origin", "https://cpl.example"},
        {"Sec-Fetch-Site", "same-origin"},
        {"Content-Type", "application/x-www-form-urlencoded"}};
    for (const auto& [name, value] : other) all[name] = value;
    return keep(registry.send_with(HttpMethod::post, target, headers(all), form_body(fields)));
  }
  // The form of that action on that page, with more filled in.
  HttpResponse send_form(const std::string& page, const std::string& action, Fields fields) {
    fields.emplace_back("form", form_key(page, action));
    return post(action, fields);
  }
  std::string form_key(const std::string& page, const std::string& action) {
    const std::string html = *look(page).body;
    const auto at = html.find("action=\"" + action + "\"");
    CAPTURE(page, action, html);
    REQUIRE(at != html.npos);
    return quoted_after(html.substr(at), "name=\"form\" value=\"");
  }
  HttpResponse sign_in(std::string_view token, const std::string& to = {}) {
    Fields fields = {{"token", std::string(token)}};
    if (!to.empty()) fields.emplace_back("to", to);
    return post("/sign-in", fields);
  }

  TestApi& registry;
  std::string cookie;  // "__Host-cpl=…"; empty: none is kept.

 private:
  std::vector<std::pair<std::string, std::string>> headers(
      const std::map<std::string, std::string>& other) const {
    std::vector<std::pair<std::string, std::string>> all = {
        {"Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}};
    if (!cookie.empty()) all.emplace_back("Cookie", cookie);
    for (const auto& [name, value] : other) {
      if (!value.empty()) all.emplace_back(name, value);
    }
    return all;
  }
  HttpResponse keep(HttpResponse response) {
    const std::string line = header(response, "Set-Cookie");
    if (line.find("Max-Age=0") != line.npos) {
      cookie.clear();
    } else if (!line.empty()) {
      cookie = line.substr(0, line.find(';'));
    }
    return response;
  }
};

}  // namespace cpl::testing
