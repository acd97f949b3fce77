// The commands of `cpl` by who uses them, and the topics of its help.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cpl {

struct UserGroup {
  std::string_view title;
  std::vector<std::string_view> commands;
};
const std::vector<UserGroup>& user_groups();

// A line with two spaces inside is two columns; any other is a paragraph.
struct Topic {
  std::string name;
  std::string text;
};
const std::vector<Topic>& topics();

}  // namespace cpl
