// The pages that people look at: whole, linked with each other, and made of nothing that the log
// could turn into markup.
#include "api/html/verifier.hpp"
#include "crypto/plain_text.hpp"
#include "tests/api/pages/page_reader.hpp"
#include "tests/support/nasty_text.hpp"

namespace cpl::testing::pages_test {

namespace {

// All pages that can be reached from the home page, by their links.
std::map<std::string, ReadPage> crawl(TestApi& registry) {
  std::map<std::string, ReadPage> pages;
  std::vector<std::string> waiting = {"/"};
  std::set<std::string> seen(waiting.begin(), waiting.end());
  while (!waiting.empty()) {
    const std::string target = waiting.back();
    waiting.pop_back();
    HttpResponse response = look_at(registry, target);
    // What is for a Party alone leads to where it signs in.
    if (response.status == 303) response = look_at(registry, header(response, "Location"));
    CAPTURE(target, *response.body);
    REQUIRE(response.status == 200);
    if (!header(response, "Content-Type").starts_with("text/html")) continue;
    if (*response.body == verifier()) {  // A program of its own, looked at in a browser.
      pages.emplace(target, ReadPage{});
      continue;
    }
    const ReadPage page = read_page(response);
    for (std::string link : page.links) {
      link = link.substr(0, link.find('#'));
      if (link.empty()) continue;
      REQUIRE(link.starts_with('/'));
      // An empty log has no checkpoint and no change to tell programs of.
      const bool is_for_programs = link.starts_with("/v1/") || link == "/checkpoint";
      if (registry.log.view()->size().value == 0 && is_for_programs) continue;
      if (seen.insert(link).second) waiting.push_back(link);
    }
    pages.emplace(target, page);
  }
  return pages;
}

bool has_words(const ReadPage& page, std::string_view words) {
  return page.words.find(words) != page.words.npos;
}

}  // namespace

TEST_CASE("pages: every link of every page leads to something, and every page is well-formed") {
  TestApi registry;
  registry.log.append(story_notes());
  const auto pages = crawl(registry);
  CHECK(pages.size() > 25);
  for (const char* target : {"/models", "/changes", "/notices", "/decisions", "/meetings",
                             "/extracts", "/log", "/check", "/help", "/help/words", "/entries/0"}) {
    CAPTURE(target);
    CHECK(pages.contains(target));
  }
}

TEST_CASE("pages: an empty registry has pages, too") {
  TestApi registry;
  CHECK(crawl(registry).size() > 10);
}

TEST_CASE("pages: a removed model says so, on whose decision, and how its devices come back") {
  TestApi registry;
  registry.log.append(story_notes());
  const Json removed = registry.get_json("/v1/models?status=removed")["models"];
  REQUIRE(removed.size() == 1);
  const std::string id = removed[0]["id"].get<std::string>();
  const ReadPage page = read_page(look_at(registry, "/models/" + id));
  CHECK(has_words(page, "Removed"));
  CHECK(has_words(page, "Devices of this model are suspended"));
  CHECK(has_words(page, "Why it was removed, and on whose decision"));
  CHECK(has_words(page, "signed by panel"));
}

TEST_CASE("pages: a removal that leaves devices without a listed successor says so") {
  TestApi registry;
  registry.log.append(story_notes());
  registry.log.append({notice_note({small_id(2)}, EntryIndex{4})});
  for (const std::string& target : {std::string("/notices/10"), std::string("/decisions/4"),
                                    "/models/" + std::string(small_id(2).text())}) {
    CAPTURE(target);
    const ReadPage page = read_page(look_at(registry, target));
    CHECK(has_words(page, "No listed successor"));
    CHECK(has_words(page, "What it leaves devices with"));
  }
  CHECK_FALSE(has_words(read_page(look_at(registry, "/notices/5")), "No listed successor"));
}

TEST_CASE("pages: a model that was never listed is an answer") {
  TestApi registry;
  registry.log.append(story_notes());
  const HttpResponse response = look_at(registry, "/models/ESME-1063-00050203-0BADF00D");
  CHECK(response.status == 200);
  CHECK(has_words(read_page(response), "It was never on the list."));
}

TEST_CASE("pages: no text of the log becomes markup") {
  std::mt19937 random(11);
  for (int i = 0; i < 40; ++i) {
    TestApi registry;
    DeviceModel model = small_model(1);
    model.manufacturer_name = nasty_text(random) + " & \"><b>'";
    if (!is_plain_text(model.manufacturer_name) || model.manufacturer_name.size() > 100) continue;
    registry.log.append({charter_note(), sign(Addition{model, start_time}, log_keys().registrar)});
    if (registry.log.view()->size().value < 2) continue;
    CAPTURE(model.manufacturer_name);
    for (const std::string& target :
         {std::string("/"), std::string("/models"), "/models/" + std::string(small_id(1).text()),
          std::string("/entries/1")}) {
      const HttpResponse response = look_at(registry, target);
      REQUIRE(response.status == 200);
      const ReadPage page = read_page(response);
      CHECK(std::count(page.elements.begin(), page.elements.end(), "b") == 0);
    }
  }
}

TEST_CASE("pages: who asks for text at / gets text, who asks for a page gets one") {
  TestApi registry;
  CHECK(header(registry.get("/"), "Content-Type") == "text/plain; charset=utf-8");
  const HttpResponse page = look_at(registry, "/");
  CHECK(header(page, "Content-Type") == "text/html; charset=utf-8");
  CHECK(header(page, "Vary").find("Accept") == 0);
}

TEST_CASE("pages: a mistake is told as a page to people, as a problem to programs") {
  TestApi registry;
  registry.log.append(story_notes());
  const HttpResponse missing = look_at(registry, "/nothing/here");
  CHECK(missing.status == 404);
  CHECK(has_words(read_page(missing), "Search for a model"));
  CHECK(header(registry.get("/nothing/here"), "Content-Type") == "application/problem+json");
  CHECK(header(look_at(registry, "/v1/nothing"), "Content-Type") == "application/problem+json");
  const HttpResponse wrong_day = look_at(
      registry, "/models/" + registry.get_json("/v1/models")["models"][0]["id"].get<std::string>() +
                    "?day=31&month=2&year=2026");
  CHECK(wrong_day.status == 400);
  CHECK(has_words(read_page(wrong_day), "not a day of the calendar"));
  CHECK(look_at(registry, "/entries/999").status == 404);
  CHECK(look_at(registry, "/models?colour=red").status == 400);
  const HttpResponse posted =
      registry.send_with(HttpMethod::post, "/models", {{"Accept", "text/html"}});
  CHECK(posted.status == 405);
  CHECK(header(posted, "Allow") == "GET, HEAD, OPTIONS");
  CHECK(read_page(posted).elements.size() > 5);
}

TEST_CASE("pages: the verifier is sent to the letter, and nobody may frame it") {
  TestApi registry;
  const HttpResponse response = look_at(registry, "/check?notice=7");
  CHECK(response.status == 200);
  const std::string policy = header(response, "Content-Security-Policy");
  CHECK(policy.find("default-src 'none'") == 0);
  CHECK(policy.find("frame-ancestors 'none'") != policy.npos);
  if (verifier().empty()) {
    CHECK(has_words(read_page(response), "is judged on your own computer"));
  } else {
    CHECK(*response.body == verifier());
    CHECK(policy.find("'wasm-unsafe-eval'") != policy.npos);
  }
  CHECK(look_at(registry, "/check?colour=red").status == 400);
}

TEST_CASE("pages: what a form leaves empty does not narrow the list") {
  TestApi registry;
  registry.log.append(story_notes());
  const ReadPage page =
      read_page(look_at(registry, "/models?q=&device_type=&manufacturer_id=&status="));
  CHECK(has_words(page, "Listed"));
}

TEST_CASE("pages: they keep strangers' scripts and frames out, and are no open reads") {
  TestApi registry;
  const HttpResponse response = look_at(registry, "/models");
  CHECK(header(response, "Content-Security-Policy").find("default-src 'none'") == 0);
  CHECK(header(response, "Content-Security-Policy").find("unsafe") == std::string::npos);
  CHECK(header(response, "X-Content-Type-Options") == "nosniff");
  CHECK(header(response, "Referrer-Policy") == "same-origin");
  CHECK(header(response, "Access-Control-Allow-Origin").empty());
  CHECK(header(response, "Link") ==
        "</v1/models?limit=100>; rel=\"alternate\"; type=\"application/json\"");
}

TEST_CASE("pages: one that the reader holds is not sent again, and a new entry makes a new one") {
  TestApi registry;
  registry.log.append(story_notes());
  const std::string tag = header(look_at(registry, "/models"), "ETag");
  REQUIRE_FALSE(tag.empty());
  const auto again = [&] {
    return registry.send_with(HttpMethod::get, "/models",
                              {{"Accept", "text/html"}, {"If-None-Match", tag}});
  };
  CHECK(again().status == 304);
  registry.log.append({addition_note(77)});
  CHECK(again().status == 200);
}

TEST_CASE("pages: the stylesheet and the scripts are named by their hash, and kept for ever") {
  TestApi registry;
  std::size_t assets = 0;
  for (const std::string& link : read_page(look_at(registry, "/")).links) {
    if (!link.starts_with("/assets/")) continue;
    ++assets;
    const HttpResponse response = registry.get(link);
    CHECK(response.status == 200);
    CHECK(header(response, "Cache-Control") == "public, max-age=31536000, immutable");
    CHECK(response.body->size() < 20'000);
  }
  CHECK(assets == 4);
  CHECK(registry.get("/assets/cpl.000000000000.css").status == 404);
}

TEST_CASE("pages: while nothing new is taken, every page says so") {
  TestApi registry;
  registry.log.append(story_notes());
  registry.log->halt("witness-alarm", "a test says so");
  const ReadPage page = read_page(look_at(registry, "/models"));
  CHECK(has_words(page, "Nothing new is taken"));
  CHECK(has_words(page, "witness-alarm"));
  CHECK_FALSE(has_words(page, "a test says so"));
}

}  // namespace cpl::testing::pages_test
