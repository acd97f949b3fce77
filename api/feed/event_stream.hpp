// The change feed as a body that has no end: a place in the log and the piece that is being sent,
// nothing more. How far it gets ahead of its reader is the log's business, not memory's.
#pragma once

#include "api/feed/event_feed.hpp"
#include "api/feed/stream_limits.hpp"
#include "api/http/http.hpp"
#include "registry/base/clock.hpp"
#include "registry/log/log_view.hpp"

namespace cpl {

// What all streams of one registry share; outlives them.
struct StreamSources {
  const ViewSource& view;
  EventFeed& feed;
  const Clock& clock;
};

enum class StreamLife : std::uint8_t { follows, ends_at_head };

// Server-sent events (WHATWG HTML, 9.2), or lines of JSON. At the head it tells the checkpoint:
// once when it first gets there, then once in each interval.
class EventStream final : public HttpStream {
 public:
  EventStream(const StreamSources& sources, FeedWish wish, const FeedPosition& position,
              StreamLife life, std::unique_ptr<StreamLimits::Place> place);

  Piece next() override;
  Piece on_quiet() override;
  std::chrono::milliseconds quiet_time() const override;
  std::shared_ptr<const Bytes> farewell() override;

 private:
  bool is_sse() const { return wish_.form != FeedForm::ndjson; }
  Result<Piece> read();

  const StreamSources sources_;
  const FeedWish wish_;
  FeedPosition position_;
  const StreamLife life_;
  const UnixMillis ends_;  // So that readers come back, and spread over the servers anew.
  const std::unique_ptr<StreamLimits::Place> place_;
  bool greeted_ = false;
  std::optional<UnixMillis> told_;  // The interval whose checkpoint was told.
};

// A poll that waits for the first event that it wants: the body of one answer, late.
class WaitingPoll final : public HttpStream {
 public:
  // Makes the whole page from the newest view; null while there is no event in it, unless `must`.
  enum class Must : std::uint8_t { have_events, answer };
  using Page = std::function<Result<std::shared_ptr<const Bytes>>(const LogView&, Must)>;

  WaitingPoll(const StreamSources& sources, Page page, std::chrono::milliseconds wait,
              std::unique_ptr<StreamLimits::Place> place);

  Piece next() override { return answer(Must::have_events); }
  Piece on_quiet() override { return answer(Must::answer); }
  std::chrono::milliseconds quiet_time() const override;
  std::shared_ptr<const Bytes> farewell() override { return answer(Must::answer).octets; }

 private:
  Piece answer(Must must);

  const StreamSources sources_;
  const Page page_;
  const UnixMillis until_;
  const std::unique_ptr<StreamLimits::Place> place_;
};

}  // namespace cpl
