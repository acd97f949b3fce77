#include "api/routes/form_seal.hpp"

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"

namespace cpl {
namespace {

constexpr std::size_t form_secret_octets = 32;
constexpr std::size_t form_id_octets = 16;

}  // namespace

FormSeal::FormSeal() : secret_(random_bytes(form_secret_octets)) {}

std::string FormSeal::made(std::string_view whom, std::string_view path) const {
  const std::string id = to_hex(random_bytes(form_id_octets));
  return id + "." + seal(whom, path, id);
}

Result<void> FormSeal::check_sent(std::string_view whom, std::string_view path,
                                  std::string_view sent) const {
  const std::string id = id_of(sent);
  if (equal_in_constant_time(sent, id + "." + seal(whom, path, id))) return {};
  return Error{Errc::unauthorized, "form-not-ours",
               "This form was made for another session, or before the service started anew. "
               "Nothing was done: open the page again, and send the form from there."};
}

// None of the three holds a line end.
std::string FormSeal::seal(std::string_view whom, std::string_view path,
                           std::string_view id) const {
  std::string text(whom);
  text.append("\n").append(path).append("\n").append(id);
  return to_hex(hmac_sha256(secret_, text));
}

}  // namespace cpl
