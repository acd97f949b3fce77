#include "notifier/subscription/webhook_signature.hpp"

#include <catch2/catch.hpp>

namespace cpl::testing::webhook_signature_test {

namespace {

// Two published examples: one of Standard Webhooks' own suites, one with a CloudEvent as its body.
const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const std::string signing_key =
    "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
const std::string public_key = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";

struct Example {
  std::string id;
  std::string timestamp;
  std::string body;
  std::string v1;
  std::string v1a;
  std::uint64_t seconds;
};

const Example upstream{"msg_p5jXN8AQM9LWM0D4loKWxJek",
                       "1614265330",
                       R"({"test": 2432232314})",
                       "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                       "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/"
                       "enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==",
                       1614265330};

const Example cloud_event{
    "msg_00000000000000000042",
    "1783592131",
    R"({"specversion":"1.0","id":"entry-42","source":"https://cpl.example/log",)"
    R"("type":"example.cpl.entry.removed.v1","subject":"model/0A1B-0002-00000003",)"
    R"("time":"2026-07-09T10:15:30Z","datacontenttype":"application/json",)"
    R"("sequence":"00000000000000000042","prevsequence":"00000000000000000041",)"
    R"("data":{"index":42}})",
    "v1,BZpQaq3MZxDA8Y+ULx/ogIS5del2Fx1nVl2LV+9SdSc=",
    "v1a,J1ccvaOe4HDZ17VKWsMz5rdtYAT2eeynhO9m8sK7zGpqb0Vfx3WPBHHlnVbVcWmQJbpuYakgqvaCPMGeoGerDw==",
    1783592131};

WebhookVerifier verifier(const std::string& key = public_key) {
  auto made = WebhookVerifier::parse(secret, key);
  REQUIRE(made);
  return *std::move(made);
}

std::string both(const Example& example) { return example.v1 + " " + example.v1a; }

bool verifies(const Example& example, const std::string& signature) {
  return verifier()
      .verify(example.id, example.timestamp, signature, example.body, example.seconds)
      .has_value();
}

}  // namespace

TEST_CASE("webhook signature: the published examples are reproduced octet by octet") {
  const auto keys = WebhookKeys::parse(secret, signing_key);
  REQUIRE(keys);
  CHECK(keys->sign(upstream.id, upstream.timestamp, upstream.body) == both(upstream));
  CHECK(keys->sign(cloud_event.id, cloud_event.timestamp, cloud_event.body) == both(cloud_event));
  CHECK(keys->public_key_text() == public_key);
  CHECK(keys->secret_text() == secret);
}

TEST_CASE("webhook signature: a verifier takes the tokens in any order and ignores others") {
  CHECK(verifies(cloud_event, both(cloud_event)));
  CHECK(verifies(cloud_event, cloud_event.v1a + " " + cloud_event.v1));
  CHECK(verifies(cloud_event, "v9,AAAA " + cloud_event.v1 + " v1,AAAA " + cloud_event.v1a));
}

TEST_CASE("webhook signature: both keys must have signed, if both were given") {
  CHECK_FALSE(verifies(cloud_event, cloud_event.v1));
  CHECK_FALSE(verifies(cloud_event, cloud_event.v1a));
  CHECK(verifier("")
            .verify(cloud_event.id, cloud_event.timestamp, cloud_event.v1, cloud_event.body,
                    cloud_event.seconds)
            .has_value());
}

TEST_CASE("webhook signature: what was altered, lost or taken from elsewhere does not verify") {
  const std::string good = both(cloud_event);
  CHECK_FALSE(verifies(cloud_event, ""));
  CHECK_FALSE(verifies(cloud_event, both(upstream)));
  CHECK_FALSE(verifies(cloud_event, good.substr(0, 20)));
  CHECK_FALSE(verifies(cloud_event, "v1 v1a"));
  CHECK_FALSE(verifies(cloud_event, "v2,AAAA"));
  Example altered = cloud_event;
  altered.body[10] = 'x';
  CHECK_FALSE(verifies(altered, good));
  altered = cloud_event;
  altered.id = "msg_00000000000000000043";
  CHECK_FALSE(verifies(altered, good));
  altered = cloud_event;
  altered.id.clear();
  CHECK_FALSE(verifies(altered, good));
  altered = cloud_event;
  altered.body.clear();
  CHECK_FALSE(verifies(altered, good));
}

TEST_CASE("webhook signature: a time five minutes off is still near, a second more is not") {
  const auto at = [](std::uint64_t now, const std::string& timestamp) {
    return verifier()
        .verify(cloud_event.id, timestamp, both(cloud_event), cloud_event.body, now)
        .has_value();
  };
  const std::uint64_t sent = cloud_event.seconds;
  CHECK(at(sent + 300, cloud_event.timestamp));
  CHECK(at(sent - 300, cloud_event.timestamp));
  CHECK_FALSE(at(sent + 301, cloud_event.timestamp));
  CHECK_FALSE(at(sent - 301, cloud_event.timestamp));
  CHECK_FALSE(at(sent, "0" + cloud_event.timestamp));
  CHECK_FALSE(at(sent, "soon"));
  CHECK_FALSE(at(sent, ""));
}

TEST_CASE("webhook signature: malformed keys are refused") {
  CHECK_FALSE(WebhookVerifier::parse("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", ""));
  CHECK_FALSE(WebhookVerifier::parse("whsec_AAAA", ""));
  CHECK_FALSE(WebhookVerifier::parse(secret, "whpk_AAAA"));
  CHECK_FALSE(WebhookKeys::parse(secret, public_key));
}

TEST_CASE("webhook signature: each subscription and generation has keys of its own") {
  const std::string master(32, 'm');
  const auto one = WebhookKeys::derive(master, "sub_1", 0);
  CHECK(one.secret_text() == WebhookKeys::derive(master, "sub_1", 0).secret_text());
  CHECK(one.secret_text() != WebhookKeys::derive(master, "sub_2", 0).secret_text());
  CHECK(one.secret_text() != WebhookKeys::derive(master, "sub_1", 1).secret_text());
  CHECK(one.public_key_text() != WebhookKeys::derive(master, "sub_1", 1).public_key_text());
  const auto receiver = WebhookVerifier::parse(one.secret_text(), one.public_key_text());
  REQUIRE(receiver);
  CHECK(receiver->verify("msg_1", "1783592131", one.sign("msg_1", "1783592131", "body"), "body",
                         1783592131));
}

}  // namespace cpl::testing::webhook_signature_test
