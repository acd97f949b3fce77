// The words of HTTP as RFC 9110 spells them: what is compared without case, lists with commas,
// media types, weights. For what is received, as a server and as a client.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cpl {

bool same_token(std::string_view a, std::string_view b);

// Without the spaces and tabs around it.
std::string_view without_spaces(std::string_view text);

// Takes the next element off a list with commas (5.6.1), or with another separator. What stands in
// double quotes is one piece; empty elements are passed over. Nothing at the end.
std::optional<std::string_view> take_element(std::string_view& list, char separator = ',');

// "Application/JSON; charset=UTF-8" is "application/json" (8.3.1).
std::string media_type(std::string_view field);

// The weight of an element of Accept or Accept-Encoding (12.4.2), in thousandths: 1000 where it
// says none, 0 where what it says is none.
unsigned weight_of(std::string_view element);

// "0120": a number that may have zeros before it. One that is too large is the largest.
std::optional<std::uint64_t> read_digits(std::string_view text);

// "HTTPS://CPL.Example/A" is "https://cpl.example/A" (RFC 3986, 6.2.2.1).
std::string with_plain_scheme(std::string_view url);

}  // namespace cpl
