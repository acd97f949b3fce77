// The command line's way to a registry: plain requests over a kept connection. Any thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace cpl {

struct HttpAnswer {
  unsigned status = 0;
  Bytes body;
};

class HttpClient {
 public:
  // `base` is the registry's URL, for example http://127.0.0.1:8080.
  explicit HttpClient(const std::string& base, std::string bearer_token = {});
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Errors: what the registry said in its problem document, or why it was not reached.
  Result<HttpAnswer> get(const std::string& path) const;
  Result<HttpAnswer> post(const std::string& path, BytesView body,
                          const std::string& content_type) const;
  Result<HttpAnswer> patch(const std::string& path, BytesView body,
                           const std::string& content_type) const;
  Result<HttpAnswer> del(const std::string& path) const;

  // A GET whose answer has no end: its octets are handed over as they come, until the other end
  // closes or `take` wants no more. Silence for longer than any heartbeat is an error.
  using Take = std::function<bool(BytesView octets)>;
  Result<void> stream(const std::string& path, const std::vector<std::string>& headers,
                      const Take& take) const;

 private:
  class Handles;
  Result<HttpAnswer> perform(const std::string& method, const std::string& path, BytesView body,
                             const std::string& content_type) const;

  const std::string base_;
  const std::string bearer_token_;
  const std::unique_ptr<Handles> handles_;
};

}  // namespace cpl
