#include "registry/base/http_tokens.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <vector>

namespace cpl::testing::http_tokens_test {

namespace {

std::vector<std::string> elements(std::string_view list, char separator = ',') {
  std::vector<std::string> all;
  while (const auto element = take_element(list, separator)) all.emplace_back(*element);
  return all;
}

}  // namespace

TEST_CASE("http tokens: names are compared without case, in ASCII alone") {
  CHECK(same_token("Keep-Alive", "keep-alive"));
  CHECK_FALSE(same_token("Keep-Alive", "keep-aliv"));
  CHECK_FALSE(same_token("\xc3\x89", "\xc3\xa9"));
  CHECK_FALSE(same_token("[", "{"));
  CHECK(without_spaces(" \t a b\t ") == "a b");
  CHECK(without_spaces(" \t ").empty());
}

TEST_CASE("http tokens: a list has elements, whatever stands around its commas") {
  using Elements = std::vector<std::string>;
  CHECK(elements("") == Elements{});
  CHECK(elements(" , ,\t, ") == Elements{});
  CHECK(elements("a") == Elements{"a"});
  CHECK(elements(", a ,b\t,, c ,") == Elements{"a", "b", "c"});
  CHECK(elements(R"("a, b", c;x="d,e\",f" ,g)") == Elements{R"("a, b")", R"(c;x="d,e\",f")", "g"});
  CHECK(elements("\"open, a") == Elements{"\"open, a"});
  CHECK(elements("for=a; by=\"b;c\" ;", ';') == Elements{"for=a", "by=\"b;c\""});
}

TEST_CASE("http tokens: a media type is lower case and without parameters") {
  for (const char* field : {"application/json", "Application/JSON;charset=UTF-8",
                            " application/json ; charset=utf-8", "APPLICATION/JSON;"}) {
    CHECK(media_type(field) == "application/json");
  }
  for (const char* field : {"", ";", "application/json-seq", "application/jsonx", "text/json"}) {
    CHECK(media_type(field) != "application/json");
  }
}

TEST_CASE("http tokens: weights are in thousandths, and what is none weighs nothing") {
  const std::vector<std::pair<std::string, unsigned>> weights = {
      {"a", 1000},          {"a;q=1", 1000},  {"a;q=1.000", 1000}, {"a ; Q=0.5", 500},
      {"a;q=0.123", 123},   {"a;q=0.", 0},    {"a;q=0", 0},        {"a;q=0.000", 0},
      {"a;v=1;q=0.2", 200}, {"a;q=1.001", 0}, {"a;q=0.1234", 0},   {"a;q=2", 0},
      {"a;q=-1", 0},        {"a;q=x", 0},     {"a;q=", 0},         {"a;x=\";q=0\"", 1000}};
  for (const auto& [element, weight] : weights) {
    CAPTURE(element);
    CHECK(weight_of(element) == weight);
  }
}

TEST_CASE("http tokens: digits are a number, however many there are") {
  CHECK(read_digits("0") == 0);
  CHECK(read_digits("0120") == 120);
  CHECK(read_digits("18446744073709551615") == std::numeric_limits<std::uint64_t>::max());
  CHECK(read_digits("18446744073709551616") == std::numeric_limits<std::uint64_t>::max());
  CHECK(read_digits("99999999999999999999999") == std::numeric_limits<std::uint64_t>::max());
  for (const char* text : {"", "-1", "+1", " 1", "1.5", "0x1"}) CHECK_FALSE(read_digits(text));
}

TEST_CASE("http tokens: scheme and host of a URL have no case, the rest has") {
  CHECK(with_plain_scheme("HTTPS://CPL.Example:443/A?B#C") == "https://cpl.example:443/A?B#C");
  CHECK(with_plain_scheme("HTTP://A?B") == "http://a?B");
  CHECK(with_plain_scheme("MailTo:Ops@Example.org") == "mailto:Ops@Example.org");
  CHECK(with_plain_scheme("") == "");
}

}  // namespace cpl::testing::http_tokens_test
