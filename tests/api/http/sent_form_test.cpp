// Forms as browsers send them, with files and without; what is no such form is refused.
#include "api/http/sent_form.hpp"

#include <catch2/catch.hpp>

namespace cpl::testing::sent_form_test {

namespace {

Result<SentForm> sent(const Bytes& body, const std::string& type) {
  HttpRequest request;
  request.headers.add("Content-Type", type);
  request.body = body;
  return parse_sent_form(request);
}

const std::string parts_type = "multipart/form-data; boundary=----b7";

Bytes part(const std::string& disposition, const std::string& content) {
  return "------b7\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content +
         "\r\n";
}

Result<SentForm> sent_parts(const Bytes& parts) {
  return sent(parts + "------b7--\r\n", parts_type);
}

}  // namespace

TEST_CASE("sent form: fields and files come as they were sent, whatever a file holds") {
  const Bytes file = std::string("\0\r\n--b7\r\n------b\xff", 17);
  const auto form = sent_parts(part("name=\"words\"", "two\r\nlines") +
                               part("name=\"f\"; filename=\"a \xc3\xa9.pdf\"", file) +
                               part("name=\"none\"; filename=\"\"", ""));
  REQUIRE(form);
  CHECK(form->field("words") == "two\r\nlines");
  CHECK(form->field("other").empty());
  REQUIRE(form->file("f") != nullptr);
  CHECK(form->file("f")->content == file);
  CHECK(form->file("f")->name == "a \xc3\xa9.pdf");
  CHECK(form->file("none") == nullptr);
}

TEST_CASE("sent form: without files it is as every form is") {
  const auto form = sent("a=1&b=x+y", "application/x-www-form-urlencoded");
  REQUIRE(form);
  CHECK(form->field("b") == "x y");
}

TEST_CASE("sent form: what is cut off, doubled, hidden or not ended is refused") {
  const Bytes good = part("name=\"a\"", "1");
  for (const Bytes& bad :
       {Bytes(), good, good + "------b7-", good + "------b7--more", good.substr(1) + "------b7--",
        Bytes("------b7\r\nContent-Type: text/plain\r\n\r\nx\r\n------b7--\r\n"),
        Bytes("------b7\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n------b7--"),
        Bytes("------b7\r\n" + std::string(3000, 'x') + "\r\n\r\n\r\n------b7--")}) {
    CAPTURE(bad);
    const auto form = sent(bad, parts_type);
    REQUIRE_FALSE(form);
    CHECK(form.error().code == "form-malformed");
  }
  CHECK_FALSE(sent_parts(good + good));
  CHECK_FALSE(sent_parts(part("name=\"a\"", std::string("\x01", 1))));
  CHECK_FALSE(sent_parts(part("name=\"a\"; filename=\"x\"; more=\"y\"", "1")));
  CHECK_FALSE(sent_parts(part("name=a", "1")));
  const Bytes file = part("name=\"f\"; filename=\"x\"", "1");
  CHECK_FALSE(sent_parts(file + file));
}

TEST_CASE("sent form: it has a bounded number of fields, of a bounded size") {
  Bytes many;
  for (int i = 0; i < 65; ++i) many += part("name=\"f" + std::to_string(i) + "\"", "1");
  CHECK(sent_parts(many).error().code == "form-malformed");
  const auto large = sent_parts(part("name=\"a\"", Bytes(300'000, 'x')));
  REQUIRE_FALSE(large);
  CHECK(large.error().code == "form-too-large");
  CHECK(sent_parts(part("name=\"a\"; filename=\"x\"", Bytes(300'000, 'x'))));
}

TEST_CASE("sent form: the mark between its parts is one that a browser can have chosen") {
  for (const char* type : {"multipart/form-data", "multipart/form-data; boundary=",
                           "multipart/form-data; boundary=a b", "multipart/form-data; boundary=\"a",
                           "multipart/form-data; charset=utf-8"}) {
    CAPTURE(type);
    CHECK_FALSE(sent("--a--", type));
  }
  CHECK(sent("--a b--", "multipart/form-data; boundary=\"a b\"").error().code == "form-malformed");
  CHECK(sent("--ab\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--ab--",
             "Multipart/Form-Data;boundary=\"ab\""));
}

}  // namespace cpl::testing::sent_form_test
