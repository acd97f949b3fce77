#include "notifier/mail/message.hpp"

#include <array>
#include <cstdio>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "crypto/plain_text.hpp"
#include "notifier/mail/text.hpp"

namespace cpl {
namespace {

constexpr std::size_t address_max = 254;
constexpr std::size_t local_max = 64;
constexpr std::size_t label_max = 63;

Error address_error(std::string_view text) {
  return malformed("address-malformed", "\"" + std::string(utf8_prefix(text, 64)) +
                                            "\" is no e-mail address such as name@example.org");
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Dot-atom (RFC 5322, 3.2.3).
bool is_local(std::string_view local) {
  constexpr std::string_view specials = "!#$%&'*+-/=?^_`{|}~";
  if (local.empty() || local.size() > local_max || local.front() == '.' || local.back() == '.') {
    return false;
  }
  for (std::size_t i = 0; i < local.size(); ++i) {
    const char c = local[i];
    if (c == '.' && local[i - 1] != '.') continue;
    if (!is_alphanumeric(c) && specials.find(c) == specials.npos) return false;
  }
  return true;
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > label_max) return false;
  if (label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(),
                     [](char c) { return is_alphanumeric(c) || c == '-'; });
}

bool is_domain(std::string_view domain) {
  std::size_t labels = 0;
  while (true) {
    const auto dot = domain.find('.');
    if (!is_label(domain.substr(0, dot))) return false;
    ++labels;
    if (dot == domain.npos) return labels >= 2;
    domain.remove_prefix(dot + 1);
  }
}

std::string attachment_part(const MailAttachment& attachment) {
  return header_field("Content-Type", attachment.type + "; name=\"" + attachment.name + "\"") +
         header_field("Content-Disposition", "attachment; filename=\"" + attachment.name + "\"") +
         header_field("Content-Transfer-Encoding", "base64") + "\r\n" +
         base64_lines(attachment.content);
}

std::string list_fields(const MailMessage& message, const std::string& domain) {
  return header_field("List-Id", message.list_name + " <changes." + domain + ">") +
         // Folding these has broken signatures on the way.
         header_field("List-Unsubscribe", "<" + message.unsubscribe_url + ">", Folding::one_line) +
         header_field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click", Folding::one_line) +
         header_field("X-CPL-Sequence", message.sequence);
}

}  // namespace

Result<MailAddress> MailAddress::parse(std::string_view text) {
  const auto at = text.rfind('@');
  if (text.size() > address_max || at == text.npos) return address_error(text);
  const std::string_view local = text.substr(0, at);
  const std::string_view domain = text.substr(at + 1);
  if (!is_local(local) || !is_domain(domain)) return address_error(text);
  return MailAddress(std::string(local), std::string(domain));
}

bool is_mail_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
  });
}

std::string mail_date(UnixMillis time) {
  constexpr std::array<const char*, 7> days = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr std::uint64_t millis_per_day = 86'400'000;
  const std::string text = format_time(time);  // 2026-07-09T10:15:31Z
  const auto month = from_decimal(text[5] == '0' ? text.substr(6, 1) : text.substr(5, 2));
  return std::string(days[time.value / millis_per_day % 7]) + ", " + text.substr(8, 2) + " " +
         months[*month - 1] + " " + text.substr(0, 4) + " " + text.substr(11, 8) + " +0000";
}

std::string multipart(std::string_view type, std::string_view parameters,
                      const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) all += part;
  const std::string boundary = "cpl-" + to_hex(sha256(all)).substr(0, 32);
  std::string out = header_field("Content-Type", std::string(type) + std::string(parameters) +
                                                     "; boundary=\"" + boundary + "\"");
  out += "\r\n";
  for (const std::string& part : parts) {
    out.append("--").append(boundary).append("\r\n").append(part);
    // The line end before a boundary belongs to the boundary.
    out += "\r\n";
  }
  return out + "--" + boundary + "--\r\n";
}

std::string format_mail_content(const MailMessage& message) {
  std::vector<std::string> parts = {
      header_field("Content-Type", message.for_ticket
                                       ? "text/plain; charset=utf-8"
                                       : "text/plain; charset=utf-8; format=flowed") +
      header_field("Content-Transfer-Encoding", "quoted-printable") + "\r\n" +
      quoted_printable(message.for_ticket ? shown(message.text, "\n")
                                          : flowed(shown(message.text, "\n")))};
  for (const MailAttachment& attachment : message.attachments) {
    parts.push_back(attachment_part(attachment));
  }
  return multipart("multipart/mixed", "", parts);
}

std::string format_mail_fields(const MailMessage& message) {
  const std::string domain = message.from.domain();
  std::string out =
      header_field("From", "\"" + message.from_name + "\" <" + message.from.text() + ">");
  out += header_field("To", message.to.text());
  out += header_field("Subject", message.subject);
  out += header_field("Date", mail_date(message.date));
  out += header_field("Message-ID", "<" + message.id + "@" + domain + ">", Folding::one_line);
  if (message.thread) out += header_field("References", "<" + *message.thread + "@" + domain + ">");
  if (message.for_ticket) {
    if (message.thread) {
      out += header_field("In-Reply-To", "<" + *message.thread + "@" + domain + ">");
    }
    if (!message.sequence.empty()) out += header_field("X-CPL-Sequence", message.sequence);
    return out + header_field("MIME-Version", "1.0");
  }
  out += header_field("Auto-Submitted", "auto-generated");
  if (!message.list_name.empty()) out += list_fields(message, domain);
  return out + header_field("MIME-Version", "1.0");
}

}  // namespace cpl
