#include "tools/shared/http_client.hpp"

#include <curl/curl.h>
#include <poll.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "crypto/mutex.hpp"
#include "registry/base/http_tokens.hpp"
#include "registry/base/json.hpp"

namespace cpl {
namespace {

std::string printable_ascii(std::string text) {
  std::erase_if(text, [](char c) { return c < ' ' || c > '~'; });
  return text;
}

constexpr std::size_t refusal_size_max = std::size_t{64} << 10U;  // Of a stream.
constexpr std::size_t problem_detail_max = 4'000;
constexpr long connect_timeout_seconds = 10;
constexpr long silence_seconds_max = 45;
constexpr int sendings_max = 5;
constexpr int pause_millis = 200;
constexpr std::size_t key_octets = 16;
constexpr std::size_t told_max = 2'000;
// A POST that changes nothing.
constexpr std::array<std::string_view, 2> asking_paths = {"/v1/statements/check",
                                                          "/v1/subscriptions/preview"};

struct Sink {
  std::size_t octets_max;
  Bytes body;
  bool is_full = false;
};

std::size_t take(char* data, std::size_t size, std::size_t count, void* sink) {
  auto& answer = *static_cast<Sink*>(sink);
  const std::size_t octets = size * count;
  answer.is_full = answer.body.size() + octets > answer.octets_max;
  if (answer.is_full) return 0;  // Ends the transfer with an error.
  answer.body.append(data, octets);
  return octets;
}

Errc errc_of(unsigned status) {
  if (status == 401 || status == 403) return Errc::unauthorized;
  if (status == 404) return Errc::not_found;
  if (status == 409 || status == 412) return Errc::conflict;
  if (status == 413) return Errc::too_large;
  if (status == 429) return Errc::overloaded;
  if (status >= 500) return Errc::unavailable;
  return Errc::invalid;
}

// The answer to a stream: handed on if it is one, kept if it is a refusal.
struct StreamSink {
  CURL* handle = nullptr;
  const HttpClient::Take& take;
  Bytes refusal;
  bool enough = false;
};

std::size_t take_stream(char* data, std::size_t size, std::size_t count, void* context) {
  auto& sink = *static_cast<StreamSink*>(context);
  const std::size_t octets = size * count;
  long status = 0;
  curl_easy_getinfo(sink.handle, CURLINFO_RESPONSE_CODE, &status);
  if (status == 200) {
    sink.enough = !sink.take(BytesView(data, octets));
    return sink.enough ? 0 : octets;
  }
  if (sink.refusal.size() + octets > refusal_size_max) return 0;
  sink.refusal.append(data, octets);
  return octets;
}

using Headers = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

Headers make_headers(const std::string& token, const std::vector<std::string>& more) {
  curl_slist* list = curl_slist_append(nullptr, "Expect:");
  for (const std::string& header : more) list = curl_slist_append(list, header.c_str());
  if (!token.empty()) list = curl_slist_append(list, ("Authorization: Bearer " + token).c_str());
  return {list, &curl_slist_free_all};
}

// Whether the request may have arrived though no answer did.
bool lost_its_answer(int failure) {
  return failure == CURLE_GOT_NOTHING || failure == CURLE_RECV_ERROR ||
         failure == CURLE_SEND_ERROR || failure == CURLE_PARTIAL_FILE;
}

std::string header_of(CURL* handle, const char* name) {
  curl_header* header = nullptr;
  const auto found = curl_easy_header(handle, name, 0, CURLH_HEADER, -1, &header);
  return found == CURLHE_OK ? header->value : "";
}

// Once for each run: all of its answers are of one service.
void warn_not_ready(const std::string& reason) {
  static std::once_flag warned;
  if (reason.empty()) return;
  std::call_once(warned, [&] {
    std::cerr << "cpl: the registry is not ready (" << printable_ascii(reason)
              << "): what it answers may be old, or not all; see its /readyz\n";
  });
}

std::string type_line(const std::string& content_type) { return "Content-Type: " + content_type; }

std::string hint_on(CURLcode code) {
  if (code == CURLE_PEER_FAILED_VERIFICATION) {
    return "no authority that is trusted here vouches for its certificate: name one with "
           "CPL_CA_FILE";
  }
  if (code == CURLE_SSL_CERTPROBLEM) return "see CPL_CLIENT_CERTIFICATE and CPL_CLIENT_KEY";
  if (code == CURLE_OPERATION_TIMEDOUT) return "how long it may take: --timeout";
  return "is the service running there? see --server";
}

Error unreachable(const std::string& base, CURLcode code) {
  return Error{
      Errc::unavailable, "registry-unreachable",
      "cannot reach " + base + ": " + curl_easy_strerror(code) + " (" + hint_on(code) + ")", 0};
}

}  // namespace

Error problem_error(unsigned status, BytesView problem) {
  Error error{errc_of(status), "http-" + std::to_string(status),
              "the registry answered " + std::to_string(status), 0};
  const auto json = parse_json(problem);
  if (!json || !json->is_object()) return error;
  if (json->contains("code") && (*json)["code"].is_string()) {
    error.code = (*json)["code"].get<std::string>();
  }
  if (json->contains("detail") && (*json)["detail"].is_string()) {
    error.detail =
        "the registry says: " + (*json)["detail"].get<std::string>().substr(0, problem_detail_max);
  }
  if (json->contains("rule") && (*json)["rule"].is_number_integer()) {
    error.rule = (*json)["rule"].get<int>();
  }
  return error;
}

Error answer_malformed(std::string detail) {
  return Error{Errc::unavailable, "answer-malformed", std::move(detail)};
}

Result<Json> json_of(const HttpAnswer& answer) {
  if (answer.content_type != "application/json") {
    return answer_malformed("the answer is not JSON, so it is not from a registry: see --server");
  }
  auto json = parse_json(answer.body);
  if (json && json->is_object()) return json;
  return answer_malformed(
      "the answer is not a JSON object, so it is not from a registry: see --server");
}

Result<void> check_identity(const HttpIdentity& identity) {
  if (!identity.bearer_token.empty() || !identity.certificate_file.empty()) return {};
  return malformed("token-missing",
                   "set CPL_TOKEN to the token that the operator gave you, or name it with "
                   "--token-file where the command has that; or set CPL_CLIENT_CERTIFICATE and "
                   "CPL_CLIENT_KEY to your certificate");
}

// Handles that keep their connections; each request takes one and gives it back.
class HttpClient::Handles {
 public:
  Handles() { check(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); }
  ~Handles() {
    for (CURL* handle : idle_) curl_easy_cleanup(handle);
  }
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;

  CURL* take() {
    const Lock lock(mutex_);
    if (idle_.empty()) return curl_easy_init();
    CURL* handle = idle_.back();
    idle_.pop_back();
    return handle;
  }
  void give_back(CURL* handle) {
    curl_easy_reset(handle);  // Keeps the connection.
    const Lock lock(mutex_);
    idle_.push_back(handle);
  }

 private:
  Mutex mutex_;
  std::vector<CURL*> idle_ GUARDED_BY(mutex_);
};

HttpClient::HttpClient(const std::string& base, HttpIdentity identity,
                       std::chrono::seconds time_max, Changes changes)
    : base_(base.ends_with('/') ? base.substr(0, base.size() - 1) : base),
      identity_(std::move(identity)),
      time_max_(time_max),
      changes_(changes),
      handles_(std::make_unique<Handles>()) {}

HttpClient::~HttpClient() = default;

void HttpClient::set_common(void* handle, const std::string& url) const {
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, connect_timeout_seconds);
  const auto set_file = [&](CURLoption option, const std::string& file) {
    if (!file.empty()) curl_easy_setopt(handle, option, file.c_str());
  };
  set_file(CURLOPT_SSLCERT, identity_.certificate_file);
  set_file(CURLOPT_SSLKEY, identity_.key_file);
  set_file(CURLOPT_CAINFO, identity_.ca_file);
}

HttpClient::Answered HttpClient::exchange(const Sending& sending) const {
  CURL* handle = handles_->take();
  check(handle != nullptr);
  const std::string url = base_ + sending.path;
  const Headers headers = make_headers(identity_.bearer_token, sending.headers);
  Sink sink{sending.octets_max, {}};
  set_common(handle, url);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT, static_cast<long>(time_max_.count()));
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &take);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &sink);
  const std::string& method = sending.method;
  if (method != "GET") curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, method.c_str());
  if (method == "POST" || method == "PATCH") {
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, sending.body.data());
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(sending.body.size()));
  }
  Answered answered;
  answered.failure = curl_easy_perform(handle);
  answered.is_too_long = sink.is_full;
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  answered.answer = {static_cast<unsigned>(status), std::move(sink.body), header_of(handle, "ETag"),
                     media_type(header_of(handle, "Content-Type"))};
  warn_not_ready(header_of(handle, "CPL-Not-Ready"));
  handles_->give_back(handle);
  return answered;
}

Result<HttpAnswer> HttpClient::judge(Answered answered) const {
  if (answered.is_too_long) {
    return Error{Errc::too_large, "answer-too-long",
                 base_ + " sent a longer answer than this question can have", 0};
  }
  if (answered.failure != CURLE_OK) {
    return unreachable(base_, static_cast<CURLcode>(answered.failure));
  }
  const unsigned status = answered.answer.status;
  if (status < 200 || status > 299) return problem_error(status, answered.answer.body);
  if (answered.answer.content_type == "text/html") {
    return Error{
        Errc::unavailable, "not-a-registry",
        base_ +
            " answered with a web page: it is not a registry, or something stands in front of one",
        0};
  }
  return std::move(answered.answer);
}

std::optional<Error> HttpClient::dry_run(const Sending& sending) const {
  const bool only_asks =
      sending.method == "GET" ||
      std::find(asking_paths.begin(), asking_paths.end(), sending.path) != asking_paths.end();
  if (changes_ == Changes::sent || only_asks) return std::nullopt;
  std::string told = sending.method + " " + base_ + sending.path;
  if (!sending.body.empty()) told += "\n" + std::string(utf8_prefix(sending.body, told_max));
  if (sending.body.size() > told_max) {
    told += "\n… " + std::to_string(sending.body.size()) + " octets in all";
  }
  return refuse(dry_run_code, std::move(told));
}

Result<HttpAnswer> HttpClient::perform(const Sending& sending) const {
  if (auto told = dry_run(sending)) return *std::move(told);
  return judge(exchange(sending));
}

Result<void> HttpClient::stream(const std::string& path, const std::vector<std::string>& headers,
                                const Take& take) const {
  CURL* handle = handles_->take();
  check(handle != nullptr);
  const std::string url = base_ + path;
  const Headers list = make_headers(identity_.bearer_token, headers);
  StreamSink sink{handle, take, {}, false};
  set_common(handle, url);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, silence_seconds_max);
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, list.get());
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &take_stream);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &sink);
  const CURLcode code = curl_easy_perform(handle);
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  handles_->give_back(handle);
  if (sink.enough) return {};
  if (code != CURLE_OK) return unreachable(base_, code);
  if (status != 200) return problem_error(static_cast<unsigned>(status), sink.refusal);
  return {};
}

Result<HttpAnswer> HttpClient::get(const std::string& path, std::size_t octets_max) const {
  return perform({"GET", path, {}, {}, octets_max});
}
Result<Json> HttpClient::get_json(const std::string& path) const {
  return json_of(TRY(get(path, json_answer_max)));
}
Result<HttpAnswer> HttpClient::post(const std::string& path, BytesView body,
                                    const std::string& content_type) const {
  return perform({"POST", path, body, {type_line(content_type)}});
}

Result<HttpAnswer> HttpClient::create(const std::string& path, BytesView body,
                                      const std::string& content_type,
                                      const std::string& given_key) const {
  const std::string key = given_key.empty() ? to_hex(random_bytes(key_octets)) : given_key;
  const Sending sending{
      "POST", path, body, {type_line(content_type), "Idempotency-Key: \"" + key + "\""}};
  if (auto told = dry_run(sending)) return *std::move(told);
  for (int sent = 1;; ++sent) {
    const Answered answered = exchange(sending);
    auto judged = judge(answered);
    if (sent == sendings_max) return judged;
    const bool again = lost_its_answer(answered.failure) ||
                       (!judged && judged.error().code == "request-in-progress");
    if (!again) return judged;
    ::poll(nullptr, 0, pause_millis);
  }
}

Result<HttpAnswer> HttpClient::patch(const std::string& path, BytesView body,
                                     const std::string& content_type,
                                     const std::string& if_match) const {
  return perform({"PATCH", path, body, {type_line(content_type), "If-Match: " + if_match}});
}
Result<HttpAnswer> HttpClient::del(const std::string& path, const std::string& if_match) const {
  if (if_match.empty()) return perform({"DELETE", path, {}, {}});
  return perform({"DELETE", path, {}, {"If-Match: " + if_match}});
}

}  // namespace cpl
