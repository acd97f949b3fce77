// Text laid out for people: lines no wider than the terminal, and columns.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cpl {

// Of the terminal, or COLUMNS; 80 where neither says.
std::size_t terminal_width();
// Whether people read standard output as it is written: then lines may be broken for them. What
// goes to a file or another program keeps its lines.
bool is_terminal();

// The text with breaks at spaces, each line behind the first after `indent` spaces; `used` columns
// of the first are taken. A word that is wider than the line stays whole.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent = 0,
                    std::size_t used = 0);
// An example of a command: broken lines end in " \", so that they can be pasted.
std::string wrapped_command(std::string_view text, std::size_t width, std::size_t indent);
// "  left      right", the right one wrapped into its own column.
std::string two_columns(const std::string& left, const std::string& right, std::size_t column,
                        std::size_t width);

}  // namespace cpl
