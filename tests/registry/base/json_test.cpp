#include "registry/base/json.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "registry/base/json_text.hpp"

namespace cpl::testing::json_test {
namespace {

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

// What the reader noted, as "pointer: detail; …", after `read` took what it wanted.
template <class Read>
std::string noted(const std::string& text, Read read) {
  const auto json = parse_json(text);
  REQUIRE(json.has_value());
  FieldErrors errors;
  FieldReader reader(*json, "#", errors);
  read(reader);
  reader.done();
  return describe(errors);
}

}  // namespace

TEST_CASE("json: sorted names and whole numbers make it canonical") {
  const auto json = parse_json(" { \"b\" : [1, -2, null] , \"a\" : \"\\u00e9\\n\" } \n");
  REQUIRE(json.has_value());
  CHECK(canonical_json(*json) == "{\"a\":\"\xC3\xA9\\n\",\"b\":[1,-2,null]}");
}

TEST_CASE("json: text written straight is what the writer of trees writes") {
  std::string every_octet_below_128;
  for (char c = 0; c < 127; ++c) every_octet_below_128 += c;
  for (const std::string& text :
       {std::string(), std::string("plain"), std::string("\n"), std::string("\"a\\"),
        std::string("caf\u00e9\n\nKey\x7f\xF0\x9F\x94\x8C"), every_octet_below_128}) {
    Bytes written;
    append_json_text(written, text);
    CHECK(written == canonical_json(Json(text)));
  }
  Bytes object;
  {
    JsonText json(object);
    json.put("a", "x");
    json.put("b", std::uint64_t{7});
    json.put_flag("c", true);
    json.put_flag("d", false);
  }
  CHECK(object == R"({"a":"x","b":7,"c":true,"d":false})");
}

TEST_CASE("json: what the grammar allows and the registry does not is refused, with the reason") {
  const auto why = [](std::string_view text) {
    const auto json = parse_json(text);
    return json ? "accepted" : json.error().code + ": " + json.error().detail;
  };
  CHECK(why(R"({"a":1,"b":{"a":2}})") == "accepted");
  CHECK_THAT(why(R"({"a":1,"b":2,"a":3})"), Catch::Contains("\"a\" is there twice"));
  CHECK_THAT(why(R"({"x":{"a":1,"\u0061":2}})"), Catch::Contains("\"a\" is there twice"));
  CHECK_THAT(why("[1.5]"), Catch::Contains("must be whole"));
  CHECK_THAT(why("[1.0]"), Catch::Contains("must be whole"));
  CHECK_THAT(why("[1e3]"), Catch::Contains("must be whole"));
  CHECK(why("[9007199254740991,-9007199254740991]") == "accepted");
  CHECK_THAT(why("[9007199254740992]"), Catch::Contains("beyond 2^53-1"));
  CHECK_THAT(why("[-9007199254740992]"), Catch::Contains("beyond 2^53-1"));
  CHECK_THAT(why("[18446744073709551615]"), Catch::Contains("beyond 2^53-1"));
  CHECK_THAT(why("[-0]"), Catch::Contains("zero has no sign"));
  CHECK_THAT(why("{\"a\":\"\\\"-0\",\"b\": -0}"), Catch::Contains("zero has no sign"));
  CHECK(why("[\"2026-07-09\",\"\\\\\",\"\\\",-0\",0,-1]") == "accepted");
  CHECK_THAT(why("[18446744073709551616]"), Catch::StartsWith("json-malformed"));
  CHECK(why(nested(16)) == "accepted");
  CHECK_THAT(why(nested(17)), Catch::Contains("nested deeper"));
  CHECK_THAT(why(nested(30'000)), Catch::Contains("nested deeper"));
  CHECK_THAT(why("{\"a\\u001b\":1}"), Catch::Contains("control character"));
}

TEST_CASE("json: malformed JSON is refused") {
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("{}{}"), std::string("{\"a\":1,}"),
        std::string("[01]"), std::string("[NaN]"), std::string("{'a':1}"),
        std::string("// note\n{}"), std::string("\xEF\xBB\xBF{}"), std::string("[\"\xFF\"]"),
        std::string("[\"\xC0\x80\"]"), std::string("[\"\\ud800\"]"), std::string("[\"\n\"]"),
        std::string("[1]\0", 4), std::string("[1e999]")}) {
    CAPTURE(text);
    const auto json = parse_json(text);
    REQUIRE_FALSE(json.has_value());
    CHECK(json.error().code == "json-malformed");
  }
}

TEST_CASE("field reader: one pass notes every fault with a pointer to the field") {
  const std::string told =
      noted(R"({"t":7,"n":"1","w":"blue","h":"AB","d":"2026-02-30","x":1})", [](FieldReader& r) {
        constexpr std::array<std::string_view, 2> words = {"red", "green"};
        CHECK(r.text("t", 10).empty());
        CHECK(r.integer("n", 3, 9) == 3);
        CHECK(r.word("w", words) == 0);
        CHECK(r.hash("h") == Hash{});
        CHECK_FALSE(r.date("d").has_value());
        CHECK(r.time("missing") == UnixMillis{});
      });
  CHECK(told ==
        "t: must be text; n: must be a whole number from 3 to 9; w: must be one of red, "
        "green; h: must be 64 lower-case hexadecimal digits; d: must be a date such as "
        "2026-07-09; missing: is missing; x: is not a known member");
}

TEST_CASE("field reader: texts are bounded, not empty and without control characters") {
  const auto text = [](const std::string& json, std::string_view allowed) {
    return noted(json, [&](FieldReader& r) { r.text("t", 3, allowed); });
  };
  CHECK(text(R"({"t":"abc"})", "").empty());
  CHECK(text(R"({"t":""})", "") == "t: must not be empty");
  CHECK(text(R"({"t":"abcd"})", "") == "t: is longer than 3 octets");
  CHECK(text(R"({"t":"a\nb"})", "") == "t: holds a control character");
  CHECK(text(R"({"t":"a\nb"})", "\n").empty());
  CHECK(text(R"({"t":"a\u007f"})", "\n") == "t: holds a control character");
}

TEST_CASE("field reader: numbers, words, lists and objects keep their kind and bounds") {
  const auto integer = [](const std::string& json) {
    return noted(json, [](FieldReader& r) { r.integer("n", 1, 9); });
  };
  CHECK(integer(R"({"n":1})").empty());
  CHECK(integer(R"({"n":9})").empty());
  for (const char* json : {R"({"n":0})", R"({"n":10})", R"({"n":-1})", R"({"n":"1"})",
                           R"({"n":null})", R"({"n":true})", R"({"n":[1]})"}) {
    CHECK(integer(json) == "n: must be a whole number from 1 to 9");
  }
  CHECK(noted(R"({"b":1})", [](FieldReader& r) { r.boolean("b"); }) == "b: must be true or false");
  CHECK(noted(R"({"l":[1,2,3]})", [](FieldReader& r) { CHECK(r.array("l", 0, 2).empty()); }) ==
        "l: must be a list of 0 to 2");
  CHECK(noted(R"({"l":{}})", [](FieldReader& r) { r.array("l", 0, 2); }) ==
        "l: must be a list of 0 to 2");
  CHECK(noted(R"({"o":[]})", [](FieldReader& r) { CHECK(r.object("o").empty()); }) ==
        "o: must be an object");
  CHECK(noted("[]", [](FieldReader&) {}) == "the whole: must be an object");
}

TEST_CASE("field reader: an optional member may be absent, and is judged where it is there") {
  const auto read = [](FieldReader& r) {
    r.optional_text("t", 3);
    r.optional_integer("n", 1, 2);
    r.optional_date("d");
  };
  CHECK(noted("{}", read).empty());
  CHECK(noted(R"({"t":"abc","n":2,"d":"2026-07-09"})", read).empty());
  CHECK(noted(R"({"t":null,"n":3,"d":"today"})", read) ==
        "t: must be text; n: must be a whole number from 1 to 2; d: must be a date such as "
        "2026-07-09");
}

TEST_CASE("field reader: a long list of faults is cut short and counted") {
  const std::string told = noted(R"({"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1})",
                                 [](FieldReader&) {});
  CHECK_THAT(told, Catch::EndsWith("; and 2 more"));
}

TEST_CASE("json: a pointer is said in words, as a clerk would") {
  CHECK(place_in_words("#/certificates/cpa/expiry_date") == "certificates, cpa, expiry date");
  CHECK(place_in_words("/models/0") == "models, item 1");
  CHECK(place_in_words("#") == "the whole");
}

}  // namespace cpl::testing::json_test
