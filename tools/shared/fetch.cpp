#include "tools/shared/fetch.hpp"

#include "registry/base/durable_file.hpp"
#include "registry/base/http_tokens.hpp"
#include "registry/tlog/tiles.hpp"
#include "tools/shared/http_client.hpp"

namespace cpl {
namespace {

constexpr std::size_t checkpoint_size_max = std::size_t{1} << 20U;
constexpr std::size_t entry_size_max = 2 + 65'535;  // With its length before it.

// What a log's resource can have at most: whoever sends more sends something else.
std::size_t size_max_of(const std::string& path) {
  if (path == "checkpoint" || path.ends_with("/checkpoint")) return checkpoint_size_max;
  const auto tile = parse_tile_path(path);
  if (!tile) return HttpClient::answer_size_max;
  return tile->width * (tile->entries ? entry_size_max : sizeof(Hash));
}

}  // namespace

bool is_url(const std::string& source) {
  const std::string url = with_plain_scheme(source);
  return url.starts_with("http://") || url.starts_with("https://");
}

FetchResource fetch_from(const std::string& source, std::chrono::seconds time_max) {
  if (is_url(source)) {
    const auto client = std::make_shared<HttpClient>(source, HttpIdentity{}, time_max);
    return [client](const std::string& path) -> Result<Bytes> {
      return TRY(client->get("/" + path, size_max_of(path))).body;
    };
  }
  return [source](const std::string& path) -> Result<Bytes> {
    auto content = TRY(read_if_there(std::filesystem::path(source) / path, size_max_of(path)));
    if (content) return *std::move(content);
    return Error{Errc::not_found, "resource-not-found", path + " is not in " + source, 0};
  };
}

}  // namespace cpl
