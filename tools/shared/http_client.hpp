// The command line's way to a registry: plain requests over a kept connection. Any thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"
#include "registry/base/json.hpp"

namespace cpl {

struct HttpAnswer {
  unsigned status = 0;
  Bytes body;
  std::string etag;          // Empty where it has none.
  std::string content_type;  // In lower case, without its parameters.
};

// The most octets of what is no file of the list; and of a note or a proof.
inline constexpr std::size_t json_answer_max = std::size_t{64} << 20U;
inline constexpr std::size_t note_answer_max = std::size_t{1} << 20U;

// The answer as JSON, an object, which must say that it is that (`answer-malformed`).
Result<Json> json_of(const HttpAnswer& answer);
// What fits no question of ours.
Error answer_malformed(std::string detail);

// What a problem document says, as the error that it is.
Error problem_error(unsigned status, BytesView problem);

// Who asks: none of it is needed to read.
struct HttpIdentity {
  std::string bearer_token;
  std::string certificate_file;  // PEM, for TLS;
  std::string key_file;          // and its key.
  std::string ca_file;           // Who vouches for the server; empty: whom the system trusts.
};

// Whether somebody is named who could own anything at a registry.
Result<void> check_identity(const HttpIdentity& identity);

// What becomes of a request that would change something: it is sent, or it is refused with the
// code `dry-run` and told in the error.
enum class Changes : std::uint8_t { sent, told };
inline constexpr const char* dry_run_code = "dry-run";

class HttpClient {
 public:
  static constexpr std::size_t answer_size_max = std::size_t{256} << 20U;  // An extract's.

  // `base` is the registry's URL, for example http://127.0.0.1:8080.
  // No answer is waited for longer than `time_max`, from the connecting to its last octet.
  explicit HttpClient(const std::string& base, HttpIdentity identity = {},
                      std::chrono::seconds time_max = std::chrono::seconds(60),
                      Changes changes = Changes::sent);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  std::chrono::seconds time_max() const { return time_max_; }

  // Errors: what the registry said in its problem document, or why it was not reached. Redirections
  // are not followed: another place is another registry.
  // Reads no more than `octets_max` of an answer: longer, it is none to that question.
  Result<HttpAnswer> get(const std::string& path, std::size_t octets_max = answer_size_max) const;
  Result<Json> get_json(const std::string& path) const;
  Result<HttpAnswer> post(const std::string& path, BytesView body,
                          const std::string& content_type) const;
  // A POST that makes something: under an Idempotency-Key, so that it may be sent again where no
  // answer came. An empty key: one of its own.
  Result<HttpAnswer> create(const std::string& path, BytesView body,
                            const std::string& content_type,
                            const std::string& given_key = {}) const;
  // Only if what is there still has that tag; "*": whatever it is.
  Result<HttpAnswer> patch(const std::string& path, BytesView body, const std::string& content_type,
                           const std::string& if_match) const;
  Result<HttpAnswer> del(const std::string& path, const std::string& if_match = {}) const;

  // A GET whose answer has no end: its octets are handed over as they come, until the other end
  // closes or `take` wants no more. Silence for longer than any heartbeat is an error.
  using Take = std::function<bool(BytesView octets)>;
  Result<void> stream(const std::string& path, const std::vector<std::string>& headers,
                      const Take& take) const;

 private:
  class Handles;
  struct Sending {
    std::string method;
    std::string path;
    BytesView body;
    std::vector<std::string> headers;
    std::size_t octets_max = answer_size_max;  // Of the answer.
  };
  struct Answered {
    HttpAnswer answer;
    int failure = 0;  // curl's code; 0: there is an answer.
    bool is_too_long = false;
  };
  void set_common(void* handle, const std::string& url) const;
  Answered exchange(const Sending& sending) const;
  Result<HttpAnswer> perform(const Sending& sending) const;
  Result<HttpAnswer> judge(Answered answered) const;
  // Null where it is to be sent.
  std::optional<Error> dry_run(const Sending& sending) const;

  const std::string base_;
  const HttpIdentity identity_;
  const std::chrono::seconds time_max_;
  const Changes changes_;
  const std::unique_ptr<Handles> handles_;
};

}  // namespace cpl
