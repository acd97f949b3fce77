// Text as e-mail carries it: lines end CRLF, bodies are quoted-printable (RFC 2045, 6.7), header
// fields hold one line of a value, folded (RFC 5322, 2.2.3) and encoded where it is not ASCII
// (RFC 2047). A value with a line end in it cannot be written: injection has no spelling here.
#pragma once

#include <string>
#include <string_view>

namespace cpl {

// Lines of at most 76 octets; line ends of the text may be LF or CRLF.
std::string quoted_printable(std::string_view text);
// Base64 in lines of 76, for attachments.
std::string base64_lines(std::string_view octets);
// Paragraphs wrapped at 72 columns as RFC 3676 has it: a line that goes on ends with a space. Lines
// that begin with a space are kept as they are but for spaces at their end.
std::string flowed(std::string_view text);

enum class Folding : std::uint8_t { folded, one_line };
// "Name: value" and CRLF. What cannot be seen in `value`, line ends too, is written by its number.
std::string header_field(std::string_view name, std::string_view value,
                         Folding folding = Folding::folded);

}  // namespace cpl
