// The words of enums: written and read from one list.
#include "registry/base/words.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "registry/base/json.hpp"

namespace cpl {
namespace testing::words_test {

enum class Colour : std::uint8_t { red, green };
constexpr std::array<std::string_view, 2> colour_words = {"RED", "GREEN"};

}  // namespace testing::words_test

template <>
struct Words<testing::words_test::Colour> {
  static constexpr const auto& list = testing::words_test::colour_words;
};

namespace testing::words_test {

TEST_CASE("words: a value is written with its word, and read from that word alone") {
  CHECK(word_of(Colour::red) == "RED");
  CHECK(word_of(Colour::green) == "GREEN");
  CHECK(read_word<Colour>("GREEN") == Colour::green);
  CHECK_FALSE(read_word<Colour>("green"));
  CHECK_FALSE(read_word<Colour>(""));
}

TEST_CASE("words: a member of JSON is one of the words, or the refusal names them") {
  const Json json = {{"good", "GREEN"}, {"bad", "BLUE"}};
  FieldErrors errors;
  FieldReader reader(json, "#", errors);
  CHECK(reader.word<Colour>("good") == Colour::green);
  CHECK(errors.empty());
  CHECK(reader.word<Colour>("bad") == Colour::red);
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].detail.find("RED") != std::string::npos);
}

}  // namespace testing::words_test
}  // namespace cpl
