// Reads one table of the configuration: what is wrong names its line.
#pragma once

#include <toml++/toml.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "crypto/result.hpp"

namespace cpl {

inline std::string place_of(const std::filesystem::path& file, const toml::node& node) {
  return file.string() + ":" + std::to_string(node.source().begin.line);
}

inline Error config_error(const std::string& place, std::string detail) {
  return malformed("configuration-invalid", place + ": " + std::move(detail));
}

// Reads the keys of one table by name; the first fault is kept, and keys nobody asked for are one.
class TableReader {
 public:
  TableReader(const std::filesystem::path& file, const toml::table& table, std::string name)
      : file_(file), table_(table), name_(std::move(name)) {}

  void text(const char* key, std::string& value, bool required = false) {
    const auto* node = find(key, required);
    if (node == nullptr) return;
    if (const auto* string = node->as_string()) {
      value = string->get();
    } else {
      fail(*node, key, "must be text in quotes");
    }
  }

  void path(const char* key, std::filesystem::path& value, bool required = false) {
    std::string given;
    text(key, given, required);
    if (!given.empty()) value = std::filesystem::absolute(file_).parent_path() / given;
  }

  template <class Number>
  void number(const char* key, Number& value, std::uint64_t low, std::uint64_t high) {
    const auto* node = find(key, false);
    if (node == nullptr) return;
    const auto* integer = node->as_integer();
    if (integer == nullptr || integer->get() < static_cast<std::int64_t>(low) ||
        integer->get() > static_cast<std::int64_t>(high)) {
      fail(*node, key,
           "must be a number from " + std::to_string(low) + " to " + std::to_string(high));
      return;
    }
    value = static_cast<Number>(integer->get());
  }

  void texts(const char* key, std::vector<std::string>& values) {
    const auto* node = find(key, false);
    if (node == nullptr) return;
    const auto* list = node->as_array();
    if (list == nullptr || (!list->empty() && !list->is_homogeneous(toml::node_type::string))) {
      fail(*node, key, "must be a list of texts in quotes");
      return;
    }
    for (const auto& item : *list) values.push_back(item.as_string()->get());
  }

  void boolean(const char* key, bool& value) {
    const auto* node = find(key, false);
    if (node == nullptr) return;
    if (const auto* flag = node->as_boolean()) {
      value = flag->get();
    } else {
      fail(*node, key, "must be true or false");
    }
  }

  const toml::node* find(const char* key, bool required) {
    asked_.emplace_back(key);
    const auto* node = table_.get(key);
    if (node == nullptr && required) {
      fail(table_, "the key " + name_ + std::string(key) + " is missing");
    }
    return node;
  }

  void fail(const toml::node& node, std::string_view key, std::string_view detail) {
    std::string sentence(key);
    sentence.append(" ").append(detail);
    fail(node, std::move(sentence));
  }

  void fail(const toml::node& node, std::string detail) {
    if (!error_) error_ = config_error(place_of(file_, node), std::move(detail));
  }

  Result<void> done() {
    for (const auto& [key, node] : table_) {
      if (std::find(asked_.begin(), asked_.end(), key.str()) == asked_.end()) {
        fail(node, "there is no key \"" + name_ + std::string(key.str()) + "\"");
      }
    }
    if (error_) return *error_;
    return {};
  }

 private:
  const std::filesystem::path& file_;
  const toml::table& table_;
  const std::string name_;
  std::vector<std::string> asked_;
  std::optional<Error> error_;
};

}  // namespace cpl
