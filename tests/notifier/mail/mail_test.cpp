// E-mail as it is written: text, addresses, messages, DKIM and S/MIME. What others' programs make
// of it is shown by tests/interop.
#include <catch2/catch.hpp>

#include "crypto/cms.hpp"
#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "notifier/mail/compose.hpp"
#include "notifier/mail/signer.hpp"
#include "notifier/mail/text.hpp"

namespace cpl::testing::mail_test {

namespace {

constexpr UnixMillis noon{1'783'591'200'000};  // 2026-07-09T10:00:00Z

MailAddress address(std::string_view text) {
  const auto parsed = MailAddress::parse(text);
  REQUIRE(parsed);
  return *parsed;
}

MailMessage message() {
  return {"CPL notices",
          address("notices@cpl.example"),
          address("team@party.example"),
          "[CPL] Removed: 1 device model (entry 42)",
          noon,
          "entry-42.sub_1",
          "model-ESME-1063-00050203-38040404",
          "Certified Products List changes",
          "https://cpl.example/u/token",
          "00000000000000000042",
          "Removed: caf\u00e9.\n\nA second paragraph.\n",
          {{"entry-42.json", "application/json", "{}"}}};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find("\r\n", at);
    REQUIRE(end != text.npos);
    lines.push_back(text.substr(at, end - at));
    at = end + 2;
  }
  return lines;
}

// Each with its continuation lines, without the last line end.
std::vector<std::string> fields_of(const std::string& header) {
  std::vector<std::string> fields;
  for (const std::string& line : lines_of(header)) {
    if (line.starts_with(' ') || line.starts_with('\t')) {
      fields.back() += "\r\n" + line;
    } else {
      fields.push_back(line);
    }
  }
  return fields;
}

// The value of a signature's tag, without blanks.
std::string tag_of(const std::string& relaxed, const std::string& tag) {
  const auto from = relaxed.find("; " + tag + "=") + tag.size() + 3;
  std::string value;
  for (const char c : relaxed.substr(from, relaxed.find(';', from) - from)) {
    if (c != ' ' && c != '\r' && c != '\n') value += c;
  }
  return value;
}

// The verifier of RFC 6376, 3.7 and 5.4.2, for Ed25519. The signature's own field is the first.
bool dkim_verifies(const std::string& header, const std::string& body, const PublicKey& key) {
  std::vector<std::string> fields = fields_of(header);
  const std::string relaxed = dkim_relaxed_field(fields.front());
  fields.erase(fields.begin());
  if (tag_of(relaxed, "bh") != to_base64(sha256(dkim_relaxed_body(body)))) return false;
  std::string hashed;
  const std::string names = tag_of(relaxed, "h") + ":";
  for (std::size_t at = 0; at < names.size(); at = names.find(':', at) + 1) {
    const std::string name = names.substr(at, names.find(':', at) - at + 1);
    const auto found = std::find_if(fields.rbegin(), fields.rend(), [&](const std::string& field) {
      return dkim_relaxed_field(field).starts_with(name);
    });
    if (found == fields.rend()) continue;
    hashed += dkim_relaxed_field(*found);
    fields.erase(std::next(found).base());
  }
  const auto signature = from_base64(tag_of(relaxed, "b"));
  const std::string own = relaxed.substr(0, relaxed.rfind("; b=") + 4);
  return signature && key.verify(sha256(hashed + own).view(), *signature);
}

// Ed25519, from the appendix of RFC 8463.
constexpr std::string_view rfc8463_seed = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";

DkimKey ed25519_key() {
  const auto key = PrivateKey::from_ed25519_seed(*from_base64(rfc8463_seed));
  REQUIRE(key);
  const auto dkim = DkimKey::from_pem(key->to_pem());
  REQUIRE(dkim);
  return *dkim;
}

}  // namespace

TEST_CASE("mail text: quoted-printable keeps lines short and says everything") {
  CHECK(quoted_printable("a=b\n") == "a=3Db\r\n");
  CHECK(quoted_printable("caf\u00e9 \nnext") == "caf=C3=A9=20\r\nnext\r\n");
  for (const std::string& line : lines_of(quoted_printable(std::string(500, '=') + "\n"))) {
    CHECK(line.size() <= 76);
  }
}

TEST_CASE("mail text: flowed paragraphs go on with a space at the end of the line") {
  const std::string a(40, 'a');
  const std::string b(40, 'b');
  std::string text = a;
  text.append(" ").append(b).append("\n  kept\n");
  std::string expected = a;
  expected.append(" \n").append(b).append("\n   kept\n");
  CHECK(flowed(text) == expected);
  CHECK(flowed("trailing  \n") == "trailing\n");
}

TEST_CASE("mail text: a header field is one field, whatever its value holds") {
  CHECK(header_field("Subject", "a\r\nBcc: x@y.example") ==
        "Subject: a[U+000D][U+000A]Bcc: x@y.example\r\n");
  CHECK(header_field("Subject", std::string("a\0b", 3)) == "Subject: a[U+0000]b\r\n");
  CHECK(header_field("Subject", "caf\u00e9") == "Subject: =?UTF-8?B?Y2Fmw6k=?=\r\n");
  CHECK(header_field("Subject", "\xff") == "Subject: [0xFF]\r\n");
  std::string words;
  for (int i = 0; i < 60; ++i) words += "word ";
  const std::string folded = header_field("Subject", words + "end");
  std::string unfolded;
  for (const std::string& line : lines_of(folded)) {
    CHECK(line.size() <= 78);
    unfolded += line;
  }
  CHECK(unfolded == "Subject: " + words + "end");
  for (const std::string& line :
       lines_of(header_field("Subject", std::string(300, '\xc3') + "\xa9")))
    CHECK(line.size() <= 78);
  // No space to break at, and what cannot be seen is written longer than it is.
  for (const std::string& unbroken : {std::string(2'000, 'x'), std::string(300, '\xff')}) {
    for (const std::string& line : lines_of(header_field("Subject", unbroken)))
      CHECK(line.size() <= 78);
  }
}

TEST_CASE("mail address: what is one, and what would be more than one") {
  CHECK(address("a.b+c@party.example").text() == "a.b+c@party.example");
  for (const std::string_view wrong :
       {"", "a", "@b.example", "a@", "a@b", "a@-b.example", "a..b@c.example", ".a@c.example",
        "a@b.example\r\nRCPT TO:<x@y.example>", "a@b.example,c@d.example", "a b@c.example",
        "\"a\"@c.example", "a@[192.0.2.1]", "caf\u00e9@b.example", "<a@b.example>"}) {
    CAPTURE(wrong);
    CHECK_FALSE(MailAddress::parse(wrong));
  }
  CHECK_FALSE(MailAddress::parse(std::string(65, 'a') + "@b.example"));
}

TEST_CASE("mail name: what may stand in quotes before an address") {
  CHECK(is_mail_name("CPL notices"));
  for (const std::string_view wrong : {"", "a\"b", "a\\b", "a\nb", "caf\u00e9"}) {
    CAPTURE(wrong);
    CHECK_FALSE(is_mail_name(wrong));
  }
}

TEST_CASE("mail message: its fields, its date, its parts") {
  CHECK(mail_date(noon) == "Thu, 09 Jul 2026 10:00:00 +0000");
  CHECK(mail_date(UnixMillis{951'782'400'000}) == "Tue, 29 Feb 2000 00:00:00 +0000");
  const std::string fields = format_mail_fields(message());
  CHECK_THAT(fields, Catch::Contains("From: \"CPL notices\" <notices@cpl.example>\r\n"));
  CHECK_THAT(fields, Catch::Contains("Message-ID: <entry-42.sub_1@cpl.example>\r\n"));
  CHECK_THAT(fields, Catch::Contains("List-Unsubscribe: <https://cpl.example/u/token>\r\n"));
  CHECK_THAT(fields, Catch::Contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
  const std::string content = format_mail_content(message());
  CHECK_THAT(content, Catch::StartsWith("Content-Type: multipart/mixed;"));
  CHECK_THAT(content, Catch::Contains("caf=C3=A9"));
  CHECK_THAT(content, Catch::Contains("filename=\"entry-42.json\""));
  CHECK(format_mail_content(message()) == content);
}

TEST_CASE("dkim: the canonical forms are those of RFC 6376, 3.4.5") {
  CHECK(dkim_relaxed_field("A: X") == "a:X\r\n");
  CHECK(dkim_relaxed_field("B : Y\t\r\n\tZ  ") == "b:Y Z\r\n");
  CHECK(dkim_relaxed_body(" C \r\nD \t E\r\n\r\n\r\n") == " C\r\nD E\r\n");
  CHECK(dkim_relaxed_body("\r\n\r\n").empty());
  // The body that the examples of RFC 6376 and RFC 8463 share, and its hash there.
  CHECK(to_base64(sha256(dkim_relaxed_body(
            "Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n"))) ==
        "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=");
}

TEST_CASE("dkim: an Ed25519 key says what DNS must, and signs what it should") {
  const DkimKey key = ed25519_key();
  CHECK(key.algorithm() == "ed25519-sha256");
  CHECK(key.dns_record() == "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
  const auto verifier = PrivateKey::from_ed25519_seed(*from_base64(rfc8463_seed))->public_key();
  CHECK(verifier.verify(sha256("x").view(), key.sign("x")));
}

TEST_CASE("dkim: what a reader goes by is covered, and can neither be added to nor taken away") {
  const std::string fields =
      format_mail_fields(message()) + "Content-Type: multipart/mixed; boundary=\"b\"\r\n";
  const std::string signature =
      dkim_signature({"cpl.example", "2026a", ed25519_key()}, fields, "body\r\n", noon);
  const auto key = PrivateKey::from_ed25519_seed(*from_base64(rfc8463_seed))->public_key();
  const auto holds = [&](const std::string& header) {
    return dkim_verifies(signature + header, "body\r\n", key);
  };
  CHECK(holds(fields));
  CHECK(holds("Received: from there\r\n" + fields));  // As every mail server adds.
  for (const char* const name : {"From",
                                 "To",
                                 "Subject",
                                 "Date",
                                 "Sender",
                                 "Reply-To",
                                 "Cc",
                                 "Message-ID",
                                 "In-Reply-To",
                                 "References",
                                 "List-Id",
                                 "List-Unsubscribe",
                                 "List-Unsubscribe-Post",
                                 "List-Help",
                                 "List-Subscribe",
                                 "List-Post",
                                 "List-Owner",
                                 "List-Archive",
                                 "MIME-Version",
                                 "Content-Type",
                                 "Content-Transfer-Encoding",
                                 "Content-Disposition",
                                 "Auto-Submitted",
                                 "X-CPL-Sequence"}) {
    CAPTURE(name);
    const std::string another = std::string(name) + ": another\r\n";
    CHECK_FALSE(holds(another + fields));
    CHECK_FALSE(holds(fields + another));
  }
  for (const std::string& line : lines_of(fields)) {
    CAPTURE(line);
    std::string without = fields;
    without.erase(without.find(line), line.size() + 2);
    CHECK_FALSE(holds(without));
  }
}

TEST_CASE("dkim: the signature's field, as it is written") {
  const std::string field = dkim_signature({"cpl.example", "2026a", ed25519_key()},
                                           format_mail_fields(message()), "body\r\n", noon);
  std::string unfolded = dkim_relaxed_field(field.substr(0, field.size() - 2));
  CHECK_THAT(unfolded, Catch::Contains("a=ed25519-sha256; c=relaxed/relaxed; d=cpl.example"));
  CHECK_THAT(unfolded, Catch::Contains("h=from:from:to:to:subject: subject:date:date:"));
  CHECK_THAT(unfolded, Catch::Contains("list-unsubscribe-post:list-unsubscribe-post"));
  for (const std::string& line : lines_of(field)) CHECK(line.size() <= 160);
}

TEST_CASE("dkim: keys that are none are refused with a reason") {
  CHECK_FALSE(DkimKey::from_pem(""));
  CHECK_FALSE(DkimKey::from_pem(PrivateKey::generate(KeyAlgorithm::ecdsa_p256).to_pem()));
}

TEST_CASE("mail: an S/MIME signature is over the content, octet by octet") {
  const PrivateKey key = PrivateKey::generate(KeyAlgorithm::ecdsa_p256);
  const auto certificate =
      SigningCertificate::self_signed(*held_key(key), "CPL notices", 1'700'000'000, 1'900'000'000);
  REQUIRE(certificate);
  const std::string content = format_mail_content(message());
  const std::string sealed = sign_mail(
      message(), {SmimeSigner{key, *certificate, {}}, {{"cpl.example", "e", ed25519_key()}}}, noon);
  CHECK_THAT(sealed, Catch::StartsWith("DKIM-Signature: v=1; a=ed25519-sha256;"));
  CHECK_THAT(sealed, Catch::Contains("protocol=\"application/pkcs7-signature\""));
  REQUIRE(sealed.find(content) != sealed.npos);
  const auto begin = sealed.find("\r\n\r\n", sealed.find("name=\"smime.p7s\"")) + 4;
  std::string der;
  for (const char c : sealed.substr(begin, sealed.find("\r\n\r\n", begin) - begin)) {
    if (c != '\r' && c != '\n') der += c;
  }
  const auto opened = open_cms(*from_base64(der));
  REQUIRE(opened);
  CHECK(opened->digest == sha256(content));
}

TEST_CASE("mail: an event and a day of events, for people and for programs") {
  const Event event{EntryIndex{42}, "entry.removed.v1", "model/ESME-1", noon, "Removed: ESME-1", {},
                    "the leaf"};
  const MailRecipient recipient{address("team@party.example"), "sub_1", "https://cpl.example/u/t"};
  const MailOptions options{"CPL notices", address("notices@cpl.example"), "Changes",
                            "cpl.example/log"};
  const MailMessage one = compose_event({event, "{}"}, "the proof", recipient, options, noon);
  CHECK(one.subject == "[CPL] Removed (entry 42)");
  CHECK(one.id == "entry-42.sub_1");
  CHECK(one.thread == "model-ESME-1");
  REQUIRE(one.attachments.size() == 2);
  CHECK(one.attachments[1].name == "entry-42.tlog-proof");
  CHECK_THAT(one.text, Catch::Contains("cpl verify entry-42.json --policy policy.txt"));

  const MailMessage day = compose_digest({{event, "{}"}, {event, "{}"}}, recipient, options, noon);
  CHECK(day.subject == "[CPL] 2 changes (entries 42 to 42)");
  CHECK(day.attachments.size() == 2);
}

}  // namespace cpl::testing::mail_test
