// A model of the registry's answers as text for a terminal.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace cpl {

// `model` is the answer of /v1/models/ID, `history` that of its /history.
std::string model_text(const nlohmann::json& model, const nlohmann::json& history);

}  // namespace cpl
