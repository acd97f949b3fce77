#include "api/feed/event_stream.hpp"

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"

namespace cpl {
namespace {

constexpr std::chrono::milliseconds sse_heartbeat{15'000};
constexpr std::chrono::milliseconds line_heartbeat{20'000};
constexpr std::chrono::milliseconds life_min{30 * 60'000};
constexpr std::chrono::milliseconds life_spread{30 * 60'000};
// A piece is made while others of the thread wait.
const FeedLimits piece_limits{32, 16 * 1024, {}};

std::shared_ptr<const Bytes> shared(Bytes octets) {
  return std::make_shared<const Bytes>(std::move(octets));
}

std::uint64_t random_below(std::uint64_t limit) { return read_big_endian(random_bytes(4)) % limit; }

UnixMillis after(UnixMillis now, std::chrono::milliseconds time) {
  return UnixMillis{now.value + static_cast<std::uint64_t>(time.count())};
}

UnixMillis end_of_life(UnixMillis now) {
  const auto spread = random_below(static_cast<std::uint64_t>(life_spread.count()));
  return UnixMillis{after(now, life_min).value + spread};
}

// Readers who were all sent away at once are not to come back at once.
std::shared_ptr<const Bytes> come_back() {
  return shared("retry: " + std::to_string(1000 + random_below(9000)) + "\n\n");
}

}  // namespace

EventStream::EventStream(const StreamSources& sources, FeedWish wish, const FeedPosition& position,
                         StreamLife life, std::unique_ptr<StreamLimits::Place> place)
    : sources_(sources),
      wish_(std::move(wish)),
      position_(position),
      life_(life),
      ends_(end_of_life(sources.clock.now())),
      place_(std::move(place)) {}

HttpStream::Piece EventStream::next() {
  if (is_sse() && !std::exchange(greeted_, true)) return {shared("retry: 5000\n: hello\n\n")};
  auto piece = read();
  if (!piece) return {nullptr, Then::break_off};
  return *std::move(piece);
}

Result<HttpStream::Piece> EventStream::read() {
  const auto view = sources_.view();
  const UnixMillis now = sources_.clock.now();
  FeedLimits limits = piece_limits;
  limits.day = day_told_by(now);
  FeedPage page = TRY(sources_.feed.read(*view, wish_, position_, limits));
  position_ = page.after;
  if (page.octets != nullptr) return Piece{std::move(page.octets)};
  const UnixMillis interval = checkpoint_time(now, sources_.feed.options());
  const bool ends = life_ == StreamLife::ends_at_head;
  if (view->size().value > 0 && told_ != interval) {
    told_ = interval;
    auto octets = TRY(sources_.feed.checkpoint(*view, wish_, position_, now));
    return Piece{std::move(octets), ends ? Then::end : Then::more};
  }
  if (ends) return Piece{nullptr, Then::end};
  if (now >= ends_) return Piece{farewell(), Then::end};
  return Piece{};
}

HttpStream::Piece EventStream::on_quiet() {
  if (!is_sse()) return {shared("\n")};
  return {shared(": hb " + format_time(sources_.clock.now()) + "\n\n")};
}

std::chrono::milliseconds EventStream::quiet_time() const {
  return is_sse() ? sse_heartbeat : line_heartbeat;
}

std::shared_ptr<const Bytes> EventStream::farewell() { return is_sse() ? come_back() : nullptr; }

WaitingPoll::WaitingPoll(const StreamSources& sources, Page page, std::chrono::milliseconds wait,
                         std::unique_ptr<StreamLimits::Place> place)
    : sources_(sources),
      page_(std::move(page)),
      until_(after(sources.clock.now(), wait)),
      place_(std::move(place)) {}

HttpStream::Piece WaitingPoll::answer(Must must) {
  auto page = page_(*sources_.view(), must);
  if (!page) return {nullptr, Then::break_off};
  if (*page == nullptr) return {};
  return {*std::move(page), Then::end};
}

std::chrono::milliseconds WaitingPoll::quiet_time() const {
  const std::uint64_t now = sources_.clock.now().value;
  return std::chrono::milliseconds(until_.value > now ? until_.value - now : 0);
}

}  // namespace cpl
