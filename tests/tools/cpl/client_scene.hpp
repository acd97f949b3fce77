// A registry that tells the truth, somebody before it who does not, and `cpl` that asks.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>

#include "registry/base/clock.hpp"
#include "tests/api/routes/api_fixture.hpp"
#include "tests/tools/cpl/lying_proxy.hpp"
#include "tests/tools/cpl/program_run.hpp"

namespace cpl::testing {

// The registries of these tests count assertions of Catch's: one at a time.
inline std::mutex& registry_mutex() {
  static std::mutex mutex;
  return mutex;
}

// The log of `story_notes` with so many of its entries. Two of them are one log, earlier and later.
class TrueRegistry {
 public:
  explicit TrueRegistry(std::size_t entries) {
    const std::lock_guard lock(registry_mutex());
    const std::vector<Bytes> notes = story_notes();
    for (std::size_t i = 0; i < entries; ++i) api_.log.append({notes[i]});
    api_.log.clock.set(SystemClock().now());
  }

  ProxyAnswer answer(const ProxyRequest& request) {
    const std::lock_guard lock(registry_mutex());
    const std::map<std::string, HttpMethod> methods = {{"GET", HttpMethod::get},
                                                       {"POST", HttpMethod::post},
                                                       {"PATCH", HttpMethod::patch},
                                                       {"DELETE", HttpMethod::delete_}};
    const HttpResponse response =
        api_.send_with(methods.at(request.method), request.target, request.headers, request.body);
    return {response.status, header(response, "Content-Type"),
            response.body ? *response.body : Bytes(), Manner::whole, etag_of(response)};
  }
  std::uint64_t size() {
    const std::lock_guard lock(registry_mutex());
    return api_.log.view()->size().value;
  }
  TestApi& api() { return api_; }

 private:
  static std::string etag_of(const HttpResponse& response) {
    const std::string etag = header(response, "ETag");
    return etag.empty() ? "" : "ETag: " + etag + "\r\n";
  }

  TestApi api_;
};

// The answer, changed as JSON where it is that.
inline ProxyAnswer with_json(ProxyAnswer answer, const std::function<void(Json&)>& change) {
  Json json = Json::parse(answer.body, nullptr, false);
  if (json.is_discarded()) return answer;
  change(json);
  answer.body = json.dump();
  return answer;
}

// What a client has: a policy, a key, statements to submit.
class ClientFolder {
 public:
  explicit ClientFolder(const NoteVerifier& trusted = log_keys().log.verifier()) {
    write("policy.txt", "log " + trusted.to_string() + "\nquorum none\n");
    write("desk.key", log_keys().desk.to_key_file());
    std::filesystem::create_directories(path("many"));
    write("one.stmt", addition_note(11));
    for (std::uint64_t i = 12; i < 15; ++i) {
      write("many/" + std::to_string(i) + ".stmt", addition_note(i));
    }
    for (const char* name : {"desk.key", "policy.txt"}) {
      std::filesystem::permissions(
          path(name), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    }
  }

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  std::string content(const std::string& name) const {
    std::ifstream in(path(name));
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  void write(const std::string& name, const Bytes& content) const {
    std::ofstream(path(name), std::ios::binary) << content;
  }

  TemporaryFolder folder_;
};

// One run of `cpl` with its own registry and folder. In the words "@name" is a file of the folder.
class ClientScene {
 public:
  ClientScene(std::size_t entries, const NoteVerifier& trusted)
      : registry(entries), folder(trusted) {}

  void start(const std::vector<std::string>& words, LyingProxy::Tell tell,
             const std::string& timeout = "1s") {
    proxy_.emplace(std::move(tell));
    std::vector<std::string> all{CPL_PROGRAM};
    for (const std::string& word : words) {
      const bool is_file = word.starts_with('@');
      all.push_back(is_file ? folder.path(word.substr(1)) : word == "URL" ? proxy_->url() : word);
    }
    for (const std::string& word :
         {std::string("--server"), proxy_->url(), std::string("--timeout"), timeout}) {
      all.push_back(word);
    }
    run_.emplace(all, folder.path("printed"));
  }
  // Nothing: it hung.
  std::optional<int> status() { return run_->status_within(std::chrono::seconds(30)); }
  std::string printed() const { return folder.content("printed"); }

  TrueRegistry registry;
  ClientFolder folder;

 private:
  std::optional<LyingProxy> proxy_;
  std::optional<ProgramRun> run_;
};

}  // namespace cpl::testing
