#include "notifier/event/hardware_term.hpp"

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::string_view any_model = "-00000000";
constexpr std::string_view any_firmware = "-00000000";

}  // namespace

Result<HardwareTerm> HardwareTerm::parse(std::string_view text) {
  // A term is what a model's id begins with: with the rest put behind it, it must be one.
  const auto dashes = std::count(text.begin(), text.end(), '-');
  const std::string id =
      std::string(text) + std::string(dashes == 1 ? any_model : "") + std::string(any_firmware);
  if ((dashes == 1 || dashes == 2) && ModelId::parse(id)) return HardwareTerm(std::string(text));
  return malformed("hardware-malformed",
                   "\"" + std::string(utf8_prefix(text, 64)) +
                       "\" is no hardware: that is a type and a manufacturer, such as ESME-1063, "
                       "or with model and hardware version, such as ESME-1063-00050203");
}

HardwareTerm HardwareTerm::of(const ModelId& id) {
  return HardwareTerm(id.text().substr(0, id.text().rfind('-')));
}

DeviceType HardwareTerm::device_type() const {
  const auto type = device_type_of(std::string_view(text_).substr(0, text_.find('-')));
  check(type.has_value());  // Or it would not have been parsed.
  return *type;
}

std::string_view HardwareTerm::manufacturer_id() const {
  const std::string_view rest = std::string_view(text_).substr(text_.find('-') + 1);
  return rest.substr(0, rest.find('-'));
}

bool HardwareTerm::covers(const ModelId& id) const {
  return id.text().size() > text_.size() && id.text()[text_.size()] == '-' &&
         id.text().starts_with(text_);
}

}  // namespace cpl
