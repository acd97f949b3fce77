#include "registry/statement/statement.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "registry/rules/signers.hpp"
#include "tests/registry/statement/statement_text.hpp"

namespace cpl::testing::statement_test {
namespace {

std::vector<StatementBody> one_of_each() {
  Charter second = make_charter();
  second.replaces = EntryIndex{0};
  Notice notice = notice_of({meter, make_display().id()}, EntryIndex{4});
  return {make_charter(),
          second,
          minutes_with({minuted(), minuted("NOTED", "One line.\nAnother.", {7, 3})}),
          minutes_with({}, false),
          decision_on({meter}),
          ex_committee_decision_on({meter}),
          addition_of(),
          notice,
          receipt_of(EntryIndex{5}, ReceiptStatus::received),
          receipt_of(EntryIndex{5}, ReceiptStatus::validated),
          receipt_of(EntryIndex{5}, ReceiptStatus::rejected),
          receipt_of(EntryIndex{5}, ReceiptStatus::applied),
          removal_of(meter, EntryIndex{5}),
          Reinstatement{meter, EntryIndex{9}, at("2026-07-09T10:00:00Z"), {}},
          Correction{make_model(), "A typing error.", {}},
          CertificateChange{meter,
                            CertificateKind::cpa,
                            CertificateEvent::renewed,
                            day("2026-07-09"),
                            {},
                            make_cpa(),
                            {}},
          CertificateChange{meter,
                            CertificateKind::dlms,
                            CertificateEvent::renewed,
                            day("2026-07-09"),
                            make_certificate("D-2"),
                            {},
                            {}},
          CertificateChange{meter,
                            CertificateKind::zigbee,
                            CertificateEvent::cancelled,
                            day("2026-07-09"),
                            {},
                            {},
                            {}},
          Disclosure{EntryIndex{4}, "/text", Bytes(salt_size, 's'), "The words."}};
}

std::vector<StatementBody> all_types() {
  std::vector<StatementBody> all = one_of_each();
  for (StatementBody& body : one_of_each_work()) all.push_back(std::move(body));
  return all;
}

}  // namespace

TEST_CASE("statement: each type is read back as it was written") {
  std::set<std::string_view> types;
  for (const StatementBody& body : all_types()) {
    const Statement written = statement_of(body);
    const Bytes text = format_statement(written);
    CAPTURE(text);
    const auto read = parse_statement(text);
    REQUIRE(read.has_value());
    CHECK(read->origin == test_origin);
    CHECK(read->issued_at == written.issued_at);
    CHECK(read->type() == written.type());
    CHECK(format_statement(*read) == text);
    types.insert(read->type());
  }
  CHECK(types.size() == statement_type_words.size());
}

TEST_CASE("statement: the text is these octets, and its id their SHA-256") {
  const Bytes text =
      format_statement(statement_of(receipt_of(EntryIndex{3}, ReceiptStatus::received)));
  CHECK(text ==
        "cpl/statement/v1\n"
        "cpl.example.org/log\n"
        "receipt\n"
        R"({"issued_at":"2026-07-09T12:00:00Z","notice":3,"status":"received"})"
        "\n");
  CHECK(to_hex(statement_id(text)) ==
        "873d8af38f1b7cd75914d9a34e69106479f6b82aaa9d172e2181163885fd6e28");
}

TEST_CASE("statement: the id does not depend on who signed, or how often") {
  const auto charter =
      std::make_shared<const CharterRecord>(CharterRecord{make_charter(), EntryIndex{0}});
  const Statement statement = statement_of(removal_of(meter, EntryIndex{5}));
  std::set<Hash> ids;
  for (const Signers& signers : {first(1, people().registrar), first(3, people().registrar)}) {
    const auto opened = open_statement(format_note(sign(statement, signers)), charter);
    REQUIRE(opened.has_value());
    CHECK(opened->signers.size() == signers.size());
    ids.insert(opened->id);
  }
  CHECK(ids == std::set<Hash>{statement_id(format_statement(statement))});
}

TEST_CASE("statement: a malformed heading is refused") {
  const Bytes good = text_of("receipt", "{" + issued + R"(,"notice":3,"status":"received"})");
  REQUIRE(reading(good) == "accepted");
  const auto changed = [&](const std::string& from, const std::string& to) {
    Bytes text = good;
    text.replace(text.find(from), from.size(), to);
    return reading(text);
  };
  CHECK_THAT(changed("v1", "v2"), Catch::Contains("its first line must be"));
  CHECK_THAT(changed("cpl/st", "CPL/st"), Catch::Contains("its first line must be"));
  CHECK_THAT(changed("v1\n", "v1\r\n"), Catch::StartsWith("statement-malformed"));
  CHECK_THAT(changed("\nreceipt", "\n\nreceipt"), Catch::Contains("empty line"));
  CHECK_THAT(changed(test_origin, std::string(256, 'o')), Catch::Contains("1 to 255 octets"));
  CHECK_THAT(changed("receipt", "receipts"), Catch::StartsWith("statement-type-unknown"));
  CHECK_THAT(changed("receipt", "Receipt"), Catch::StartsWith("statement-type-unknown"));
  CHECK_THAT(reading(good.substr(0, good.size() - 1)), Catch::StartsWith("statement-malformed"));
  CHECK_THAT(reading("cpl/statement/v1\n"), Catch::Contains("must follow"));
  CHECK_THAT(reading("cpl/statement/v1\no\nreceipt\n"), Catch::Contains("must follow"));
  CHECK_THAT(reading(good + "\n"), Catch::Contains("empty line"));
  CHECK_THAT(reading(good + "{}\n"), Catch::StartsWith("json-malformed"));
  CHECK_THAT(reading(""), Catch::StartsWith("statement-malformed"));
}

TEST_CASE("statement: one that is too long is refused") {
  const Bytes spaces(statement_size_max, ' ');
  CHECK_THAT(reading(text_of("receipt", "{" + spaces + "}")), Catch::Contains("too long"));
  const auto opened = open_statement(text_of("receipt", "{" + spaces + "}"), nullptr);
  REQUIRE_FALSE(opened.has_value());
  CHECK(told(opened.error()) == "statement-too-large, rule 0, too_large");
}

TEST_CASE("statement: duplicate names and fractions are refused") {
  CHECK_THAT(reading(text_of("receipt", "{" + issued + R"(,"notice":3,"notice":3})")),
             Catch::Contains("\"notice\" is there twice"));
  CHECK_THAT(reading(text_of("receipt", "{" + issued + R"(,"notice":3.0,"status":"received"})")),
             Catch::Contains("must be whole"));
}

TEST_CASE("statement: an unknown type in foreign letters is refused in well-formed text") {
  std::string type = "x";
  for (int i = 0; i < 60; ++i) type += "\xE2\x82\xAC";
  const auto read = parse_statement(text_of(type, "{}"));
  REQUIRE_FALSE(read.has_value());
  CHECK_NOTHROW(Json(read.error().detail).dump());
}

TEST_CASE("statement: every member that a type needs is missed by its pointer") {
  for (const StatementBody& body : all_types()) {
    const Json json = to_json(body);
    for (const auto& [name, value] : json.items()) {
      // The first charter replaces none, and what names no time takes effect from its entry on.
      const bool may_miss = name == "replaces" || name == "outstanding" || name == "due" ||
                            (name == "decision" && std::holds_alternative<Withdrawal>(body)) ||
                            (name == "effective_from" && !std::holds_alternative<Removal>(body));
      if (may_miss) continue;
      CAPTURE(statement_of(body).type(), name);
      CHECK_THAT(with(body, "/" + name, Json()),
                 Catch::Contains(place_in_words("#/" + name) + ": is missing"));
    }
    CHECK_THAT(with(body, "/extra", 1), Catch::StartsWith("statement-invalid: the "));
    CHECK_THAT(with(body, "/issued_at", Json()), Catch::Contains("issued at: is missing"));
    CHECK_THAT(with(body, "/extra", 1), Catch::Contains("extra: is not a known member"));
    CHECK_THAT(reading(text_of(statement_of(body).type(), "[]")),
               Catch::Contains("the whole: must be an object"));
  }
}

TEST_CASE("statement: what is wrong within is pointed at") {
  const StatementBody minutes = minutes_with({minuted(), minuted("NOTED", "More.", {8, 1})});
  CHECK_THAT(with(minutes, "/decisions/0/text", "Another text"),
             Catch::Contains("decisions, item 1, text sha256: is not the SHA-256 of the text"));
  CHECK_THAT(with(minutes, "/decisions/1/item", 7), Catch::Contains("decisions: must rise"));
  CHECK_THAT(with(minutes, "/decisions/1/colour", 7),
             Catch::Contains("decisions, item 2, colour: is not a known member"));
  CHECK_THAT(with(minutes, "/status", "finished"), Catch::Contains("status: must be one of"));
  CHECK_THAT(with(minutes, "/classification", "BLUE"), Catch::Contains("classification"));
  CHECK_THAT(with(minutes, "/document/size", 0), Catch::Contains("document, size"));
  CHECK_THAT(with(minutes, "/document/sha256", "00"), Catch::Contains("document, sha256"));
  CHECK_THAT(with(minutes, "/actions/0/owner", ""),
             Catch::Contains("actions, item 1, owner: must not be empty"));
  CHECK_THAT(with(minutes, "/date", "2026-02-30"), Catch::Contains("date"));

  const StatementBody decision = decision_on({meter});
  CHECK_THAT(with(decision, "/verb", "DECIDED"), Catch::Contains("verb"));
  CHECK_THAT(with(decision, "/reference/item", 0), Catch::Contains("reference, item"));
  CHECK_THAT(with(decision, "/reference/meeting", Json()),
             Catch::Contains("reference, meeting: is missing"));
  CHECK_THAT(with(decision, "/reference/ex_committee", "EX_1"),
             Catch::Contains("reference, meeting: is not a known member"));
  CHECK_THAT(with(decision, "/authorises/0/act", "delete"), Catch::Contains("authorises, act"));
  CHECK_THAT(with(decision, "/authorises/0/models", Json::array()),
             Catch::Contains("authorises, models: must be a list of 1 to 1000"));
  CHECK_THAT(with(decision, "/authorises/0/models/0", "ESME-*"),
             Catch::Contains("authorises, models: \"ESME-*\" is not a model id"));
  CHECK_THAT(with(decision, "/authorises/0/models/1", meter.text()),
             Catch::Contains("is there twice"));

  const StatementBody rejected = receipt_of(EntryIndex{5}, ReceiptStatus::rejected);
  CHECK_THAT(with(rejected, "/code", "because"), Catch::Contains("code: must be one of"));
  CHECK_THAT(with(rejected, "/status", "validated"),
             Catch::Contains("code: is not a known member"));
  CHECK_THAT(with(rejected, "/notice", -1), Catch::Contains("notice"));

  const StatementBody removal = removal_of(meter, EntryIndex{5});
  CHECK_THAT(with(removal, "/model", "esme"), Catch::Contains("model: \"esme\" is not"));
  CHECK_THAT(with(removal, "/basis", "OLD_AGE"), Catch::Contains("basis"));
  CHECK_THAT(with(removal, "/status", "Active"), Catch::Contains("status"));
  CHECK_THAT(with(removal, "/effective_from", "2026-07-09"), Catch::Contains("effective from"));
  const StatementBody lapse = CertificateChange{
      meter, CertificateKind::cpa, CertificateEvent::expired, day("2026-07-09"), {}, {}, {}};
  CHECK_THAT(with(lapse, "/event", "forgotten"), Catch::Contains("event: must be one of"));
  CHECK_THAT(with(lapse, "/event", "renewed"), Catch::Contains("renewed: is missing"));
  CHECK_THAT(with(lapse, "/renewed", Json::object()),
             Catch::Contains("renewed: is not a known member"));
  const StatementBody opening =
      Disclosure{EntryIndex{4}, "/text", Bytes(salt_size, 's'), "The words."};
  CHECK_THAT(with(opening, "/salt", "AAAA"), Catch::Contains("salt: must be base64 of 32"));
  CHECK_THAT(with(addition_of(), "/model/model_id", "XYZ"), Catch::Contains("model, model id"));
}

TEST_CASE("statement: no text of it holds what its signers would not see") {
  for (const StatementBody& body : all_types()) {
    const Json flat = to_json(body).flatten();
    for (const auto& [pointer, value] : flat.items()) {
      if (!value.is_string()) continue;
      for (const std::string_view hidden :
           {"\u202E", "\u2067", "\u200B", "\uFEFF", "\u2028", "\u00AD", "\uFFFE", "\U000E0041"}) {
        CAPTURE(statement_of(body).type(), pointer);
        const std::string text = value.get<std::string>() + std::string(hidden);
        CHECK_THAT(with(body, pointer, text),
                   Catch::Contains("statement-invalid: ") &&
                       Catch::Contains(place_in_words(pointer) + ": holds the character [U+"));
      }
    }
  }
  Bytes text = format_statement(statement_of(addition_of()));
  text.insert(text.find(test_origin), "\u200B");
  CHECK_THAT(reading(text), Catch::Contains("the origin holds the character [U+200B]"));
}

TEST_CASE("statement: an escape of JSON does not hide a character, and others may stand") {
  Bytes text = format_statement(statement_of(addition_of()));
  const auto name = text.find("\"manufacturer_name\":\"") + 21;
  Bytes hidden = text;
  hidden.insert(name, "\\u202e");
  CHECK_THAT(reading(hidden), Catch::Contains("model, manufacturer name: holds the character"));
  Bytes plain = text;
  plain.insert(name, "\\u00e9\u20AC");
  CHECK(reading(plain) == "accepted");
}

TEST_CASE("statement: a body or a meeting has one spelling") {
  const StatementBody minutes = minutes_with({});
  const StatementBody decision = decision_on({meter});
  for (const char* good : {"SECP", "SSC", "SMKI_PMA", "A1"}) {
    CHECK(with(minutes, "/body", good) == "accepted");
    CHECK(with(decision, "/reference/body", good) == "accepted");
  }
  CHECK(with(minutes, "/meeting", "SECP_30_1103") == "accepted");
  for (const char* bad :
       {"SECP ", " SECP", "Secp", "secp", "S\u0415CP", "SEC\u03A1", "\uFF33ECP", "SEC P",
        "SECP\u00A0", "SECP.", "SECP_", "_SECP", "SECP__30", "SECP-30", "SE\u0301CP", "SECP\n"}) {
    CAPTURE(bad);
    for (const char* pointer : {"/body", "/meeting"}) {
      CHECK_THAT(with(minutes, pointer, bad),
                 Catch::Contains(place_in_words(pointer) + ": must be capital letters"));
      CHECK_THAT(with(decision, "/reference" + std::string(pointer), bad),
                 Catch::Contains("must be capital letters"));
    }
    CHECK_THAT(with(ex_committee_decision_on({meter}), "/reference/ex_committee", bad),
               Catch::Contains("must be capital letters"));
  }
  CHECK_THAT(with(minutes, "/body", std::string(21, 'A')), Catch::Contains("longer than 20"));
}

TEST_CASE("statement: only APPROVED and AGREED are words that authorise") {
  CHECK(authorises(Verb::approved));
  CHECK(authorises(Verb::agreed));
  CHECK_FALSE(authorises(Verb::noted));
  CHECK_FALSE(authorises(Verb::supported));
}

TEST_CASE("statement: a decision names a model for one act and not for another") {
  Decision decision = decision_on({meter});
  CHECK(decision.names(meter, Act::remove));
  CHECK_FALSE(decision.names(meter, Act::reinstate));
  CHECK_FALSE(decision.names(make_display().id(), Act::remove));
  decision.authorises.push_back({Act::reinstate, {make_display().id()}});
  CHECK(decision.names(make_display().id(), Act::reinstate));
}

}  // namespace cpl::testing::statement_test
