// The facts of pages, from a registry that is reached over the network: its word, and shown as
// that.
#pragma once

#include "api/pages/page_source.hpp"
#include "tools/shared/http_client.hpp"

namespace cpl {

class UiSource final : public PageSource {
 public:
  explicit UiSource(const HttpClient& client) : client_(client) {}  // Outlives this.

  // Reads and questions alone: nothing is changed there in anybody's name.
  Result<ApiAnswer> answer(const ApiRequest& asked) const override;

 private:
  const HttpClient& client_;
};

}  // namespace cpl
