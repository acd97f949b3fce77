// What an HTTP request and its answer are to the rest of api/: plain values, so that every route
// can be tried without a socket.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace cpl {

enum class HttpMethod : std::uint8_t { get, head, post, put, patch, delete_, options, other };

// "DELETE"; "?" for another than those.
std::string_view name_of(HttpMethod method);

// Field lines in the order received. Names are kept as written and compared without case. All the
// text lies in one string: a request costs two allocations here, however many fields it has.
class HttpHeaders {
 public:
  HttpHeaders();

  void add(std::string_view name, std::string_view value);
  // The first field of that name.
  std::optional<std::string_view> find(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  // All fields of that name as one list (RFC 9110, 5.2).
  std::string list(std::string_view name) const;
  std::size_t size() const { return fields_.size(); }
  std::size_t octets() const { return text_.size(); }

 private:
  struct Field {
    std::uint32_t name = 0;  // Offsets into text_: where the name and the value begin,
    std::uint32_t value = 0;
    std::uint32_t end = 0;  // and where the value ends.
  };

  std::string_view name_of(const Field& field) const;

  std::string text_;
  std::vector<Field> fields_;
};

using HttpParameters = std::vector<std::pair<std::string, std::string>>;

// A request target taken apart and decoded: printable UTF-8 without "." and ".." segments.
struct HttpTarget {
  // "/" has none; "/v1/models/" has "v1", "models" and "".
  std::vector<std::string> segments;
  HttpParameters query;  // In the order written. "+" stands for a space.
};

// Takes the origin form, and the absolute form of proxies. Refuses what is not strictly encoded.
Result<HttpTarget> parse_target(std::string_view target);

struct HttpRequest {
  HttpMethod method = HttpMethod::get;
  std::string target;  // As received.
  std::vector<std::string> segments;
  HttpParameters query;
  HttpHeaders headers;
  Bytes body;
  std::string peer;                        // The client's address: client_address.hpp.
  std::uint16_t peer_port = 0;             // Of whoever connected, who may be a proxy.
  std::string client_certificate_subject;  // RFC 2253 text; empty when no certificate was shown.

  // The target without its query.
  std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
  // The first query parameter of that name.
  std::optional<std::string_view> parameter(std::string_view name) const;
};

// A body that is made while it is sent, and may wait for what has not happened yet. Its connection
// asks for a piece only when the system has taken the one before: a slow reader is served slowly,
// and nothing is kept for it beyond that piece. Used by one thread at a time, and never blocks.
class HttpStream {
 public:
  enum class Then : std::uint8_t {
    more,       // Ask again: at once after octets, else when something was published.
    end,        // That was all of it.
    break_off,  // It cannot go on; the reader must see that the body is not whole.
  };
  struct Piece {
    std::shared_ptr<const Bytes> octets;  // Null or empty: nothing at present.
    Then then = Then::more;
  };

  HttpStream() = default;
  virtual ~HttpStream() = default;
  HttpStream(const HttpStream&) = delete;
  HttpStream& operator=(const HttpStream&) = delete;

  virtual Piece next() = 0;
  // What to say when next() has had nothing for quiet_time().
  virtual Piece on_quiet() = 0;
  virtual std::chrono::milliseconds quiet_time() const = 0;
  // The server stops: the last words.
  virtual std::shared_ptr<const Bytes> farewell() = 0;
};

// Date, Server, Connection, Content-Length and Transfer-Encoding are the server's to add. For HEAD
// give the body that GET would have had: it is counted and not sent.
struct HttpResponse {
  unsigned status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::shared_ptr<const Bytes> body;             // Null is empty. Shared, never copied.
  std::shared_ptr<HttpStream> stream = nullptr;  // Instead of a body.
};

// In place of the field of that name, or after all others.
void set_header(HttpResponse& response, std::string_view name, std::string value);

using HttpReply = std::function<void(HttpResponse)>;  // Runs exactly once, on any thread.
using HttpHandler = std::function<void(HttpRequest, HttpReply)>;

// "Tue, 15 Nov 1994 08:12:31 GMT" (RFC 9110, 5.6.7).
std::string http_date(std::chrono::sys_seconds time);

}  // namespace cpl
