// Canonical JSON written straight as text, for what is written for every entry: no tree is built
// first. The caller puts an object's members in the order of their names.
#pragma once

#include <string_view>

#include "crypto/bytes.hpp"

namespace cpl {

// One object; it ends with the writer.
class JsonText {
 public:
  explicit JsonText(Bytes& out) : out_(out) { out_.push_back('{'); }
  ~JsonText() { out_.push_back('}'); }
  JsonText(const JsonText&) = delete;
  JsonText& operator=(const JsonText&) = delete;

  void put(std::string_view name, std::string_view text);
  void put(std::string_view name, std::uint64_t number);
  void put_flag(std::string_view name, bool value);
  // Writes the name; its value follows at the end of what is returned.
  Bytes& begin(std::string_view name);

 private:
  Bytes& out_;
  std::string_view last_name_;
};

// Of UTF-8; one string with its quotes.
void append_json_text(Bytes& out, std::string_view text);

}  // namespace cpl
