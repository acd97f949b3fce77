// What somebody owns, whatever firmware it runs: "ESME-1063-00050203" is a hardware, by its type,
// manufacturer, model and hardware version; "ESME-1063" is all of that type and manufacturer.
#pragma once

#include "registry/statement/model.hpp"

namespace cpl {

class HardwareTerm {
 public:
  static Result<HardwareTerm> parse(std::string_view text);
  // Of this very model.
  static HardwareTerm of(const ModelId& id);

  const std::string& text() const { return text_; }
  DeviceType device_type() const;
  std::string_view manufacturer_id() const;
  bool covers(const ModelId& id) const;
  bool operator==(const HardwareTerm&) const = default;

 private:
  explicit HardwareTerm(std::string text) : text_(std::move(text)) {}
  std::string text_;  // What an id begins with, up to a dash.
};

}  // namespace cpl
