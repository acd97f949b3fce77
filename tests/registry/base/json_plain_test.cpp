// The two readers of JSON are one: they take the same texts, make the same of them, and say the
// same of those that they refuse.
#include "registry/base/json_plain.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "tests/support/source_tree.hpp"

namespace cpl::testing::json_plain_test {
namespace {

constexpr std::size_t any_number = std::numeric_limits<std::size_t>::max();
constexpr std::size_t mutations = 20'000;
constexpr std::size_t seed_size_max = 3'000;

std::string read_whole(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

// Where readers are known to differ from each other.
constexpr std::string_view edges[] = {"",
                                      " ",
                                      "-0",
                                      "[-0]",
                                      "[0]",
                                      "[-0.0]",
                                      "[0e1]",
                                      "-1",
                                      "9007199254740991",
                                      "9007199254740992",
                                      "-9007199254740991",
                                      "-9007199254740992",
                                      "9223372036854775808",
                                      "-9223372036854775808",
                                      "-9223372036854775809",
                                      "18446744073709551615",
                                      "18446744073709551616",
                                      "-18446744073709551616",
                                      "1e3",
                                      "1.0",
                                      "1e999",
                                      "-1e999",
                                      "[1e]",
                                      "01",
                                      "+1",
                                      "--1",
                                      "1.",
                                      ".5",
                                      "\"\\ud800\"",
                                      "\"\\udc00\"",
                                      "\"\\ud83d\\ude00\"",
                                      "\"\\ud83d\\u0041\"",
                                      "\"\\u0000\"",
                                      "\"\\u12\"",
                                      "\"\\x\"",
                                      "\"\x7f\"",
                                      "\"\xc3\x28\"",
                                      "\"\xf4\x90\x80\x80\"",
                                      "\"\xed\xa0\x80\"",
                                      "\"\xc0\x80\"",
                                      "\xc3\xa9",
                                      "[\"\xff\"]",
                                      "\"a\tb\"",
                                      "\"\n\"",
                                      "{\"a\":1,\"a\":2}",
                                      "{\"a\":[],\"\\u0061\":1}",
                                      "{\"a\\u0000\":1}",
                                      "{\"\":1}",
                                      "{\"a\"}",
                                      "{\"a\":1,}",
                                      "{a:1}",
                                      "[1,]",
                                      "[,1]",
                                      "[1 2]",
                                      " [1] ",
                                      "[1]x",
                                      "[1][2]",
                                      "nul",
                                      "nullx",
                                      "true",
                                      "tru",
                                      "/*x*/1",
                                      "[NaN]",
                                      "[Infinity]",
                                      "\xef\xbb\xbf"
                                      "1",
                                      "1\n",
                                      "\v1",
                                      "[1]\f",
                                      "{\"a\":1.5,\"b\":",
                                      "[1.5,\"\xff\"]"};

std::vector<std::string> deep_edges() {
  return {nested(16),   nested(17),     nested(1023),         nested(1024),
          nested(1025), nested(30'000), std::string(40, '['), std::string("[1]\0", 4)};
}

// Every file of the corpora, and what in it is between the outer braces.
std::vector<std::string> seeds() {
  std::vector<std::string> texts = deep_edges();
  texts.insert(texts.end(), std::begin(edges), std::end(edges));
  const auto corpora = std::filesystem::path(source_tree()) / "tests/fuzz/corpus";
  for (const auto& file : std::filesystem::recursive_directory_iterator(corpora)) {
    if (!file.is_regular_file()) continue;
    std::string text = read_whole(file.path());
    const auto first = text.find('{');
    const auto last = text.rfind('}');
    if (first != text.npos && last != text.npos && first < last) {
      texts.push_back(text.substr(first, last - first + 1));
    }
    texts.push_back(std::move(text));
  }
  return texts;
}

std::string mutated(std::string text, std::mt19937& random) {
  static const std::string alphabet = "{}[]\",:0123456789-+.eE\\u\x01\x7f\xc3\xa9 tfn\n";
  text.resize(std::min(text.size(), seed_size_max));
  for (auto changes = random() % 3 + 1; changes > 0 && !text.empty(); --changes) {
    const auto at = random() % text.size();
    const char letter = alphabet[random() % alphabet.size()];
    switch (random() % 4) {
      case 0:
        text[at] = letter;
        break;
      case 1:
        text.erase(at, 1);
        break;
      case 2:
        text.insert(at, 1, letter);
        break;
      default:
        text.insert(at, text.substr(random() % text.size(), random() % 8));
    }
  }
  return text;
}

std::string said(const Result<Json>& read) {
  return read ? "taken: " + read->dump() : read.error().code + ": " + read.error().detail;
}

}  // namespace

TEST_CASE(
    "json plain: both readers take, make and say the same of every corpus and its mutations") {
  std::mt19937 random(20'261'201);
  const std::vector<std::string> texts = seeds();
  std::size_t taken = 0;
  std::size_t refused = 0;
  const auto compare = [&](const std::string& text, std::size_t values_max) {
    const std::string fast = said(parse_small_json(text, values_max));
    const std::string plain = said(parse_json_plain(text, values_max));
    if (fast != plain) FAIL_CHECK(fast + "\n" + plain + "\nof: " + text.substr(0, 500));
    ++(plain.starts_with("taken") ? taken : refused);
  };
  for (const std::string& text : texts) compare(text, any_number);
  for (std::size_t i = 0; i < mutations; ++i) {
    compare(mutated(texts[random() % texts.size()], random), any_number);
  }
  for (std::size_t values = 0; values < 8; ++values) compare(R"([1,{"a":[2,[]]},"x"])", values);
  CHECK(taken > 1'000);
  CHECK(refused > 1'000);
}

TEST_CASE("json plain: a number that is not whole is shown, and cut where it is long") {
  CHECK(said(parse_json_plain("[1.5]", any_number)) ==
        "json-malformed: not acceptable JSON: numbers must be whole, 1.5 is not");
  const std::string told =
      said(parse_json_plain("[1." + std::string(5'000, '7') + "]", any_number));
  CHECK(told.size() < 150);
  CHECK_THAT(told, Catch::EndsWith("… is not"));
}

}  // namespace cpl::testing::json_plain_test
