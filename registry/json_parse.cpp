#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/json.hpp"

namespace cpl {
namespace {

// Builds the value while the parser reads, and stops it at the first thing that the grammar of JSON
// allows and we do not: the finished value would no longer show it.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  const std::string& fault() const { return fault_; }
  Json take() { return std::move(root_); }

  bool null() override { return put(nullptr) != nullptr; }
  bool boolean(bool value) override { return put(value) != nullptr; }
  bool number_integer(std::int64_t value) override {
    if (value < -static_cast<std::int64_t>(json_integer_max)) return too_large(value);
    return put(value) != nullptr;
  }
  bool number_unsigned(std::uint64_t value) override {
    if (value > json_integer_max) return too_large(value);
    return put(value) != nullptr;
  }
  bool number_float(double, const std::string& text) override {
    return refuse("numbers must be whole, " + text + " is not");
  }
  bool string(std::string& value) override { return put(std::move(value)) != nullptr; }
  bool binary(Json::binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(std::string& name) override {
    if (!is_printable_utf8(name)) return refuse("a name holds a control character");
    const auto [member, added] =
        open_.back()->get_ref<Json::object_t&>().emplace(std::move(name), nullptr);
    if (!added) return refuse("the name \"" + member->first + "\" stands twice");
    member_ = &member->second;
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const Json::exception&) override {
    return false;
  }

 private:
  bool refuse(std::string fault) {
    fault_ = std::move(fault);
    return false;
  }
  template <class Integer>
  bool too_large(Integer value) {
    return refuse("the number " + std::to_string(value) + " is beyond 2^53-1");
  }

  // Where the value came to stand.
  template <class Value>
  Json* put(Value&& value) {
    if (open_.empty()) {
      root_ = std::forward<Value>(value);
      return &root_;
    }
    if (open_.back()->is_array()) {
      return &open_.back()->get_ref<Json::array_t&>().emplace_back(std::forward<Value>(value));
    }
    *member_ = std::forward<Value>(value);
    return member_;
  }
  // Deep nesting must not exhaust the stack of whoever destroys or prints the value.
  bool open(Json container) {
    if (open_.size() == depth_max) {
      return refuse("nested deeper than " + std::to_string(depth_max));
    }
    open_.push_back(put(std::move(container)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  static constexpr std::size_t depth_max = 16;

  Json root_;
  std::vector<Json*> open_;  // From the root to the innermost; only the last one grows.
  Json* member_ = nullptr;   // What the name just read is the name of.
  std::string fault_;
};

}  // namespace

Result<Json> parse_json(std::string_view text) {
  // The parser would skip the one and stop at the other in silence; other readers refuse both.
  if (text.starts_with("\uFEFF") || text.find('\0') != text.npos) {
    return malformed("json-malformed", "not valid JSON: it holds a byte order mark or a zero");
  }
  Builder builder;
  if (Json::sax_parse(text, &builder)) return builder.take();
  if (builder.fault().empty()) return malformed("json-malformed", "not valid JSON");
  return malformed("json-malformed", "not acceptable JSON: " + builder.fault());
}

}  // namespace cpl
