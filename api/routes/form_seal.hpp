// What each form of our pages brings along, so that no other page can send one in the name of who
// is signed in: a new id, and a seal over whom the form was made for, its path and that id.
#pragma once

#include "crypto/result.hpp"

namespace cpl {

class FormSeal {
 public:
  FormSeal();  // With a secret of this run.

  // "<id>.<seal>". `whom` is a session, or a Party that shows a certificate.
  std::string made(std::string_view whom, std::string_view path) const;
  // Whether what was sent was made for them, and for that path. Errors: `form-not-ours`.
  Result<void> check_sent(std::string_view whom, std::string_view path,
                          std::string_view sent) const;
  static std::string id_of(std::string_view sent) {
    return std::string(sent.substr(0, sent.find('.')));
  }

 private:
  std::string seal(std::string_view whom, std::string_view path, std::string_view id) const;

  const std::string secret_;
};

}  // namespace cpl
