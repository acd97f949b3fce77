// An entry of the registry's answers as text for a terminal.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace cpl {

// A statement's content, a member to a line, what is inside one indented below it.
std::string content_text(const nlohmann::json& content, std::size_t indent = 2);

// `entry` is the answer of /v1/entries/N.
std::string entry_text(const nlohmann::json& entry);

// What a correction changed: a line for each member that differs from how it was.
std::string difference_text(const nlohmann::json& before, const nlohmann::json& after,
                            const std::string& place = "");

}  // namespace cpl
