// Words that are nearly right: "did you mean".
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cpl {

// The word that the one typed was most likely meant to be; nullopt if none is near.
std::optional<std::string> nearest(const std::string& typed, const std::vector<std::string>& words);
// "; did you mean listed?", or nothing.
std::string did_you_mean(const std::string& typed, const std::vector<std::string>& words);

// The command that the words name, as far as they name one.
const CLI::App& command_of(const CLI::App& root, const std::vector<std::string>& words);
// What is wrong with the first command or option that does not exist; nullopt if all exist.
std::optional<std::string> unknown_word(const CLI::App& root,
                                        const std::vector<std::string>& words);

}  // namespace cpl
