// One e-mail to one recipient (RFC 5322, RFC 2045): a text for people, what proves it attached, and
// what mailing lists must carry. No HTML, no link that asks for anything.
#pragma once

#include <optional>
#include <vector>

#include "crypto/result.hpp"
#include "registry/base/time.hpp"

namespace cpl {

// "local@domain" in plain ASCII, without quotes or comments, of at most 254 octets. It cannot hold
// what would end a header field or an SMTP command.
class MailAddress {
 public:
  static Result<MailAddress> parse(std::string_view text);

  std::string text() const { return local_ + "@" + domain_; }
  const std::string& local() const { return local_; }
  const std::string& domain() const { return domain_; }
  bool operator==(const MailAddress&) const = default;

 private:
  MailAddress(std::string local, std::string domain)
      : local_(std::move(local)), domain_(std::move(domain)) {}

  std::string local_;
  std::string domain_;
};

// What may stand in quotes before an address: printable ASCII without quotes or backslashes.
bool is_mail_name(std::string_view name);

struct MailAttachment {
  std::string name;  // Letters, digits, "-", "_" and "." only.
  std::string type;  // "application/json"
  Bytes content;
};

struct MailMessage {
  std::string from_name;  // Is a mail name.
  MailAddress from;
  MailAddress to;
  std::string subject;
  UnixMillis date;
  std::string id;  // Left of the "@" of the Message-ID; right of it is from's domain.
  std::optional<std::string> thread;  // Of the References: one for all about the same.
  std::string list_name;              // "Certified Products List changes"; empty: it is of no list.
  std::string unsubscribe_url;        // HTTPS, for one click (RFC 8058).
  std::string sequence;
  std::string text;  // Lines as wrapped by the reader; see `flowed`.
  std::vector<MailAttachment> attachments;
  // Written for a ticket system, which takes no mail that a list or a machine says it has sent, and
  // whose lines stay as they are.
  bool for_ticket = false;
};

// The content with its own MIME fields: what S/MIME signs. Lines end CRLF.
std::string format_mail_content(const MailMessage& message);
// The fields above the content, each of which a DKIM signature may cover.
std::string format_mail_fields(const MailMessage& message);

// "Thu, 09 Jul 2026 10:15:31 +0000"
std::string mail_date(UnixMillis time);

// Parts under a boundary that is in none of them, with the field that announces them.
// `parameters` stand between the type and the boundary: "; micalg=sha-256".
std::string multipart(std::string_view type, std::string_view parameters,
                      const std::vector<std::string>& parts);

}  // namespace cpl
