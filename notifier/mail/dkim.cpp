#include "notifier/mail/dkim.hpp"

#include <array>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"

namespace cpl {
namespace {

// What a reader or a mail program goes by. Each stands there once more than the message has it,
// also where it has none: nobody can add another that is shown in its place.
constexpr std::array<std::string_view, 24> covered = {"from",
                                                      "to",
                                                      "subject",
                                                      "date",
                                                      "sender",
                                                      "reply-to",
                                                      "cc",
                                                      "message-id",
                                                      "in-reply-to",
                                                      "references",
                                                      "list-id",
                                                      "list-unsubscribe",
                                                      "list-unsubscribe-post",
                                                      "list-help",
                                                      "list-subscribe",
                                                      "list-post",
                                                      "list-owner",
                                                      "list-archive",
                                                      "mime-version",
                                                      "content-type",
                                                      "content-transfer-encoding",
                                                      "content-disposition",
                                                      "auto-submitted",
                                                      "x-cpl-sequence"};
constexpr std::size_t names_per_line = 5;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// Runs of blanks become one space; those at the end go.
std::string squeezed(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!is_blank(c)) {
      out += c;
    } else if (!out.ends_with(' ')) {
      out += ' ';
    }
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

// The fields one by one, each with its continuation lines, without its last line end.
std::vector<std::string_view> split_fields(std::string_view fields) {
  std::vector<std::string_view> list;
  std::size_t begin = 0;
  while (begin < fields.size()) {
    std::size_t end = fields.find("\r\n", begin);
    while (end != fields.npos && end + 2 < fields.size() && is_blank(fields[end + 2])) {
      end = fields.find("\r\n", end + 2);
    }
    end = std::min(end, fields.size());
    list.push_back(fields.substr(begin, end - begin));
    begin = end + 2;
  }
  return list;
}

std::string_view name_of(std::string_view field) { return field.substr(0, field.find(':')); }

std::string joined(const std::vector<std::string_view>& names) {
  std::string list;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) list += i % names_per_line == 0 ? ":\r\n  " : ":";
    list += names[i];
  }
  return list;
}

}  // namespace

std::string dkim_relaxed_field(std::string_view field) {
  const auto colon = std::min(field.find(':'), field.size());
  std::string value;
  for (const char c : field.substr(std::min(colon + 1, field.size()))) {
    if (c != '\r' && c != '\n') value += c;
  }
  value = squeezed(value);
  if (value.starts_with(' ')) value.erase(0, 1);
  return ascii_lower(squeezed(field.substr(0, colon))) + ":" + value + "\r\n";
}

std::string dkim_relaxed_body(std::string_view body) {
  std::string out;
  while (!body.empty()) {
    const auto end = std::min(body.find("\r\n"), body.size());
    out += squeezed(body.substr(0, end)) + "\r\n";
    body.remove_prefix(std::min(end + 2, body.size()));
  }
  while (out.ends_with("\r\n\r\n")) out.resize(out.size() - 2);
  return out == "\r\n" ? "" : out;
}

std::string dkim_signature(const DkimSigner& signer, std::string_view fields, std::string_view body,
                           UnixMillis now) {
  const auto all = split_fields(fields);
  std::string hashed;
  std::vector<std::string_view> names;
  for (const std::string_view name : covered) {
    // Of several with one name the last comes first, and one that is not there counts as nothing
    // (RFC 6376, 5.4.2).
    for (auto at = all.rbegin(); at != all.rend(); ++at) {
      if (ascii_lower(name_of(*at)) != name) continue;
      hashed += dkim_relaxed_field(*at);
      names.push_back(name);
    }
    names.push_back(name);
  }
  const std::string value = "DKIM-Signature: v=1; a=" + std::string(signer.key.algorithm()) +
                            "; c=relaxed/relaxed; d=" + signer.domain +
                            ";\r\n s=" + signer.selector +
                            "; t=" + std::to_string(now.value / 1000) + ";\r\n h=" + joined(names) +
                            ";\r\n bh=" + to_base64(sha256(dkim_relaxed_body(body))) + ";\r\n b=";
  std::string last = dkim_relaxed_field(value);
  last.resize(last.size() - 2);
  const std::string signature = to_base64(signer.key.sign(hashed + last));
  std::string folded;
  for (std::size_t at = 0; at < signature.size(); at += 70) {
    folded += (at == 0 ? "" : "\r\n  ") + signature.substr(at, 70);
  }
  return value + folded + "\r\n";
}

}  // namespace cpl
