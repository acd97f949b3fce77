// The paths of the API's description, ready to be asked for.
#pragma once

#include "tests/api/routes/api_fixture.hpp"

namespace cpl::testing {

// A path with something in each place that stands for another.
inline std::string filled(std::string path) {
  static const std::map<std::string, std::string> samples = {{"{path}", "0/000.p/1"},
                                                             {"{index}", "0"},
                                                             {"{model}", small_id(1).text()},
                                                             {"{meeting}", "SECP_1"},
                                                             {"{page}", "0"},
                                                             {"{file}", "csv"},
                                                             {"{version}", "1"},
                                                             {"{id}", "unknown"},
                                                             {"{token}", "x"},
                                                             {"{name}", "example"},
                                                             {"{number}", "1"},
                                                             {"{a}", "1"},
                                                             {"{b}", "1"}};
  for (const auto& [name, value] : samples) {
    const auto at = path.find(name);
    if (at != path.npos) path.replace(at, name.size(), value);
  }
  REQUIRE(path.find('{') == path.npos);
  return path;
}

inline HttpMethod method_of(const std::string& word) {
  if (word == "get") return HttpMethod::get;
  if (word == "post") return HttpMethod::post;
  return word == "delete" ? HttpMethod::delete_ : HttpMethod::patch;
}

// The parameters of an operation's query, each as the description has it.
inline std::vector<Json> query_parameters(const Json& document, const Json& operation) {
  std::vector<Json> found;
  for (const Json& item : operation.value("parameters", Json::array())) {
    const Json& parameter =
        item.contains("$ref")
            ? document.at(Json::json_pointer(item["$ref"].get<std::string>().substr(1)))
            : item;
    if (parameter["in"] == "query") found.push_back(parameter);
  }
  return found;
}

}  // namespace cpl::testing
