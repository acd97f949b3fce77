// What is no PIN that anybody typed never reaches the token, where it would cost a try.
#include "tools/shared/pin.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "tests/support/temporary_folder.hpp"

namespace cpl::testing::pin_test {
namespace {

std::string pin_in(const std::string& content) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "pin";
  std::ofstream(file, std::ios::binary) << content;
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  const auto pin = find_pin({"\"office\"", "file:" + file.string(), ""});
  return pin ? std::string(pin->view()) : pin.error().code + ": " + pin.error().detail;
}

std::string pin_set_to(const char* value) {
  ::setenv("CPL_PIN", value, 1);
  const auto pin = find_pin({"\"office\"", "", ""});
  ::unsetenv("CPL_PIN");
  return pin ? std::string(pin->view()) : pin.error().code + ": " + pin.error().detail;
}

}  // namespace

TEST_CASE("pin: the first line of a file is it, whatever the line ends are") {
  for (const char* content : {"1234", "1234\n", "1234\r\n", "1234\nnote\n"}) {
    CHECK(pin_in(content) == "1234");
  }
  CHECK(pin_in("p\u00e4ss \u20ac") == "p\u00e4ss \u20ac");
  CHECK(pin_set_to("1234") == "1234");
}

TEST_CASE("pin: what an editor left beside it is not sent to the token") {
  for (const std::string content : {"\xEF\xBB\xBF"
                                    "1234\n",
                                    "12\u200B34\n", "1234\t\n", "1234\u202C\n", "\x1b[31m1234\n"}) {
    CHECK_THAT(pin_in(content),
               Catch::StartsWith("token-pin-malformed: the PIN holds the character") &&
                   Catch::Contains("was not tried"));
  }
  const std::string utf16(
      "\xFF\xFE"
      "1\0002\0003\0004\000\n\000",
      12);
  CHECK_THAT(pin_in(utf16), Catch::StartsWith("token-pin-malformed"));
  CHECK_THAT(pin_set_to("\xEF\xBB\xBF"
                        "1234"),
             Catch::Contains("[U+FEFF], which cannot be seen"));
  CHECK_THAT(pin_in(""), Catch::StartsWith("token-pin-malformed"));
}

}  // namespace cpl::testing::pin_test
