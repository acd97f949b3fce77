#include "crypto/pkcs11/uri.hpp"

#include <cstdlib>

namespace cpl {
namespace {

constexpr std::size_t uri_size_max = 2048;

std::string text_or_empty(const char* text) { return text == nullptr ? "" : text; }

bool is_graphic(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

std::shared_ptr<P11KitUri> read(const std::string& text) {
  std::shared_ptr<P11KitUri> uri(p11_kit_uri_new(), &p11_kit_uri_free);
  check(uri != nullptr);
  if (p11_kit_uri_parse(text.c_str(), P11_KIT_URI_FOR_ANY, uri.get()) != P11_KIT_URI_OK) return {};
  return uri;
}

std::string written(P11KitUri* uri, P11KitUriType type) {
  char* text = nullptr;
  check(p11_kit_uri_format(uri, type, &text) == P11_KIT_URI_OK && text != nullptr);
  const std::unique_ptr<char, decltype(&std::free)> owned(text, &std::free);
  return text;
}

}  // namespace

TokenUri::TokenUri(std::string text, std::shared_ptr<P11KitUri> uri)
    : text_(std::move(text)), uri_(std::move(uri)) {}

Result<TokenUri> TokenUri::parse(const std::string& text) {
  // p11-kit would take white space out, and look for another name.
  const bool readable = text.size() <= uri_size_max && is_graphic(text);
  auto uri = readable ? read(text) : nullptr;
  if (uri != nullptr && p11_kit_uri_get_pin_value(uri.get()) != nullptr) {
    // The text is not repeated: it holds the PIN.
    return refuse("token-pin-in-uri",
                  "the URI holds the PIN itself (pin-value): whoever lists the processes of this "
                  "machine, or reads the shell's history, would have it. Take it out, change that "
                  "PIN, and name a file by pin-source=file:PATH, set CPL_PIN, or type the PIN when "
                  "asked");
  }
  if (uri == nullptr || p11_kit_uri_any_unrecognized(uri.get()) != 0) {
    return malformed(
        "token-uri-malformed",
        "a key in a token is named by a PKCS#11 URI (RFC 7512) such as "
        "pkcs11:token=NAME;object=LABEL, with no attribute but those of the RFC and with "
        "%20 for a space");
  }
  return TokenUri(text, std::move(uri));
}

std::string TokenUri::module_path() const {
  return text_or_empty(p11_kit_uri_get_module_path(uri_.get()));
}

std::string TokenUri::module_name() const {
  return text_or_empty(p11_kit_uri_get_module_name(uri_.get()));
}

std::string TokenUri::pin_source() const {
  return text_or_empty(p11_kit_uri_get_pin_source(uri_.get()));
}

bool TokenUri::fits_token(const CK_TOKEN_INFO& token) const {
  return p11_kit_uri_match_token_info(uri_.get(), &token) == 1;
}

bool TokenUri::fits_key(std::span<const CK_ATTRIBUTE> attributes) const {
  return p11_kit_uri_match_attributes(uri_.get(), attributes.data(), attributes.size()) == 1;
}

std::string TokenUri::of_token(const CK_TOKEN_INFO& token) const {
  const auto uri = read(text_);
  *p11_kit_uri_get_token_info(uri.get()) = token;
  return written(uri.get(), P11_KIT_URI_FOR_TOKEN);
}

std::string TokenUri::of_key(const CK_TOKEN_INFO& token, std::span<CK_ATTRIBUTE> attributes) const {
  const auto uri = read(text_);
  *p11_kit_uri_get_token_info(uri.get()) = token;
  check(p11_kit_uri_set_attributes(uri.get(), attributes.data(), attributes.size()) ==
        P11_KIT_URI_OK);
  return written(uri.get(), P11_KIT_URI_FOR_OBJECT_ON_TOKEN);
}

}  // namespace cpl
