// Octets to HttpRequest and HttpResponse to octets, without a socket.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <optional>
#include <string>

#include "api/server/server.hpp"

namespace cpl {

// Why the server itself turns a request down.
struct ServerProblem {
  unsigned status = 400;
  std::string_view slug;  // The last part of the problem's type.
  std::string_view title;
  std::string detail;
};

// An RFC 9457 problem document.
HttpResponse problem_response(const std::string& problem_base, const ServerProblem& problem);

// Reads one request. Stricter than Beast: no Transfer-Encoding and no Content-Encoding, one
// Content-Length of digits only, one Host, bounded number and size of fields. Empty lines before
// the request are passed over, a few of them.
class RequestParser final : private boost::beast::http::basic_parser<true> {
 public:
  explicit RequestParser(const ServerLimits& limits);

  // Takes what it can of `received` and says how much; the rest is to be given again, with more.
  std::size_t feed(BytesView received);

  // Something of the request has come: not only empty lines before it.
  bool begun() const { return begun_; }
  bool complete() const { return !problem_ && is_done(); }
  const std::optional<ServerProblem>& problem() const { return problem_; }
  bool head_complete() const { return is_header_done(); }
  // The client waits for "100 Continue" before it sends the body.
  bool awaits_continue() const { return expects_continue_ && !is_done(); }
  bool keeps_alive() const { return version_ == 11 && keep_alive(); }
  bool takes_chunks() const { return version_ == 11; }

  HttpRequest take_request() { return std::move(request_); }  // Once complete.

 private:
  using Code = boost::beast::error_code;
  using Text = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb method, Text name, Text target, int version,
                       Code& error) override;
  void on_field_impl(boost::beast::http::field field, Text name, Text value, Code& error) override;
  void on_header_impl(Code& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, Code& error) override;
  std::size_t on_body_impl(Text body, Code& error) override;
  void on_finish_impl(Code& error) override;
  // A chunked body never gets this far; these and the response below only complete the interface.
  void on_response_impl(int, Text, int, Code&) override {}
  void on_chunk_header_impl(std::uint64_t, Text, Code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text, Code&) override { return 0; }

  std::size_t pass_empty_lines(BytesView received);
  std::optional<ServerProblem> refusal_of_head() const;

  HttpRequest request_;
  std::optional<ServerProblem> problem_;
  const std::size_t header_octets_max_;
  int version_ = 11;
  std::size_t empty_lines_ = 0;
  bool begun_ = false;
  bool expects_continue_ = false;
};

// The status line and the header. `date` is the value of the Date field.
struct HeadFacts {
  std::string_view date;
  bool closing = false;
  bool chunked = false;  // Of a stream; where it is not, the connection's end is the body's.
};
void append_response_head(std::string& out, const HttpResponse& response, const HeadFacts& facts);

}  // namespace cpl
