#include "registry/base/json_plain.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::size_t shown_number_max = 40;

std::string start_of(const std::string& number) {
  if (number.size() <= shown_number_max) return number;
  return number.substr(0, shown_number_max) + "…";
}

// Takes the values over as the library's reader meets them. The first that the registry does not
// take ends the reading, as false does to the library.
class PlainReader final : public nlohmann::json_sax<Json> {
 public:
  explicit PlainReader(std::size_t values_max) : values_left_(values_max) {}

  bool null() override { return put(Json()) != nullptr; }
  bool boolean(bool value) override { return put(Json(value)) != nullptr; }
  bool number_integer(number_integer_t value) override {
    if (value == 0) return refuse_it("zero has no sign");
    if (value < -static_cast<number_integer_t>(json_integer_max)) return refuse_large();
    return put(Json(value)) != nullptr;
  }
  bool number_unsigned(number_unsigned_t value) override {
    return value > json_integer_max ? refuse_large() : put(Json(value)) != nullptr;
  }
  // Whole numbers come here, too, where they are beyond what 64 bits hold.
  bool number_float(number_float_t, const std::string& text) override {
    if (text.find_first_of(".eE") == text.npos) return refuse_large();
    return refuse_it("numbers must be whole, " + start_of(text) + " is not");
  }
  bool string(std::string& value) override { return put(Json(std::move(value))) != nullptr; }
  bool binary(binary_t&) override { return refuse_it("it holds an unknown kind of value"); }

  bool start_object(std::size_t) override { return open(Json::object()); }
  bool key(std::string& name) override {
    if (!is_printable_utf8(name)) return refuse_it("a name holds a control character");
    name_ = std::move(name);
    return true;
  }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_array() override { return close(); }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    fault_ = "not valid JSON: it breaks the grammar near octet " + std::to_string(position);
    return false;
  }

  Json take_root() { return std::move(root_); }
  const std::string& fault() const { return fault_; }

 private:
  bool refuse_it(const std::string& why) {
    fault_ = "not acceptable JSON: " + why;
    return false;
  }
  bool refuse_large() { return refuse_it("a number is beyond 2^53-1"); }

  // Where the value now is; nothing where it is refused.
  Json* put(Json value) {
    if (values_left_-- == 0) {
      refuse_it("it holds more values than it may");
      return nullptr;
    }
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    if (open_.back()->is_array()) {
      auto& items = open_.back()->get_ref<Json::array_t&>();
      return &items.emplace_back(std::move(value));
    }
    auto& members = open_.back()->get_ref<Json::object_t&>();
    const auto [member, is_new] = members.emplace(name_, std::move(value));
    if (is_new) return &member->second;
    refuse_it("the name \"" + name_ + "\" is there twice");
    return nullptr;
  }

  bool open(Json value) {
    if (open_.size() == json_depth_max) {
      return refuse_it("nested deeper than " + std::to_string(json_depth_max));
    }
    Json* const placed = put(std::move(value));
    if (placed == nullptr) return false;
    open_.push_back(placed);  // It stays where it is while it is open: nothing comes beside it.
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  std::size_t values_left_;
  Json root_;
  std::vector<Json*> open_;  // From the root inwards.
  std::string name_;         // Of the member whose value comes next.
  std::string fault_;
};

}  // namespace

Result<Json> parse_json_plain(std::string_view text, std::size_t values_max) {
  // Readers differ in what they make of these.
  if (text.starts_with("\uFEFF") || text.find('\0') != text.npos) {
    return malformed("json-malformed", "not valid JSON: it holds a byte order mark or a zero");
  }
  PlainReader reader(values_max);
  if (!Json::sax_parse(text, &reader)) return malformed("json-malformed", reader.fault());
  return reader.take_root();
}

}  // namespace cpl
