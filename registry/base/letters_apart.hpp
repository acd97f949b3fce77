// How far one word is from another: the letters to put in, take out, replace, or swap with the
// next.
#pragma once

#include <cstddef>
#include <string>

namespace cpl {

std::size_t letters_apart(const std::string& a, const std::string& b);

}  // namespace cpl
