#include "notifier/mail/transport.hpp"

#include <curl/curl.h>

#include <cerrno>
#include <utility>

#include "notifier/send/tls_fault.hpp"

namespace cpl {
namespace {

constexpr std::size_t queue_max = 10'000;
constexpr std::chrono::seconds connection_kept{30};
constexpr std::size_t words_size_max = 160;
constexpr std::chrono::seconds tick_interval{30};

struct Upload {
  std::string_view remaining;
  bool began = false;
};

std::size_t read_upload(char* buffer, std::size_t size, std::size_t count, void* user) {
  auto& upload = *static_cast<Upload*>(user);
  upload.began = true;
  const std::size_t taken = std::min(size * count, upload.remaining.size());
  std::copy_n(upload.remaining.begin(), taken, buffer);
  upload.remaining.remove_prefix(taken);
  return taken;
}

int abort_when_asked(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(user)->load() ? 1 : 0;
}

// The lines of the last reply, without the status that each begins with.
struct Reply {
  std::string words;
  bool ended = false;
};

// curl hands over each line of a reply as it does a header field.
std::size_t read_reply(const char* line, std::size_t size, std::size_t count, void* user) {
  auto& reply = *static_cast<Reply*>(user);
  std::string_view text(line, size * count);
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  if (std::exchange(reply.ended, text.size() < 4 || text[3] != '-')) reply.words.clear();
  const std::string_view words = text.substr(std::min<std::size_t>(4, text.size()));
  if (reply.words.size() < words_size_max) reply.words += (reply.words.empty() ? "" : " ");
  if (reply.words.size() < words_size_max) reply.words += words;
  return size * count;
}

// Which of the things that can be wrong with a server it is.
std::string reason_of(CURLcode code, CURL* handle) {
  long number = 0;
  switch (static_cast<int>(code)) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "there is no host of that name, or no name server answers";
    case CURLE_COULDNT_CONNECT:
      curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &number);
      return number == ECONNREFUSED ? "nothing listens at that port (connection refused)"
                                    : "it cannot be connected to";
    case CURLE_OPERATION_TIMEDOUT:
      return "it did not answer in time";
    case CURLE_PEER_FAILED_VERIFICATION:
      curl_easy_getinfo(handle, CURLINFO_SSL_VERIFYRESULT, &number);
      return "its certificate " + (number == 0 ? "is for another name" : certificate_fault(number));
    case CURLE_USE_SSL_FAILED:
      return "it does not offer STARTTLS";
    case CURLE_LOGIN_DENIED:
      return "it does not accept the user name and password";
    default:
      return curl_easy_strerror(code);
  }
}

Error not_sent(const std::string& reason, long status, const Reply& reply,
               const MailServer& server) {
  const std::string words = plain_words(reply.words, words_size_max);
  return Error{
      Errc::unavailable, "mail-server-unreachable",
      "the mail server " + server.host + ":" + std::to_string(server.port) + ": " + reason +
          (status > 0 ? ". Its last reply was " + std::to_string(status) + " " + words : "")};
}

// A refusal of this message or its recipient. Before there was one, at the greeting, the encryption
// or the login, it is the operator's business and says nothing of the mailbox.
bool is_about_message(CURLcode code, const Upload& upload) {
  return code == CURLE_OK || code == CURLE_SEND_ERROR || upload.began;
}

// RFC 5321, 4.2.2: the replies that are of a mailbox, and not of a command or a login.
bool is_permanent(long reply) { return reply >= 550 && reply <= 559; }

}  // namespace

// One connection, kept between messages.
class MailTransport::Session {
 public:
  Session(const MailServer& server, const std::atomic<bool>& aborting)
      : server_(server), aborting_(aborting), handle_(curl_easy_init(), &curl_easy_cleanup) {
    check(handle_ != nullptr);
  }

  Result<Delivered> send(const OutgoingMail& mail) {
    CURL* handle = handle_.get();
    curl_easy_reset(handle);  // Keeps the connection.
    Upload upload{mail.content, false};
    set_server(handle);
    const std::string sender = "<" + mail.sender.text() + ">";
    const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> recipients(
        curl_slist_append(nullptr, ("<" + mail.to.text() + ">").c_str()), &curl_slist_free_all);
    curl_easy_setopt(handle, CURLOPT_MAIL_FROM, sender.c_str());
    curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, recipients.get());
    curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, &read_upload);
    curl_easy_setopt(handle, CURLOPT_READDATA, &upload);
    Reply reply;
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &read_reply);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &reply);
    const auto began = std::chrono::steady_clock::now();
    const CURLcode code = curl_easy_perform(handle);
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    const bool refused = status >= 400 && status <= 599 && is_about_message(code, upload);
    if (code != CURLE_OK && !refused) {
      return not_sent(reason_of(code, handle), status, reply, server_);
    }
    Delivered delivered;
    delivered.status = static_cast<unsigned>(status);
    delivered.permanent = is_permanent(status);
    delivered.words = plain_words(reply.words, words_size_max);
    delivered.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began);
    return delivered;
  }

 private:
  void set_server(CURL* handle) const {
    const std::string url = "smtp://" + server_.host + ":" + std::to_string(server_.port) +
                            (server_.helo.empty() ? "" : "/" + server_.helo);
    curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!server_.ca_file.empty()) {
      curl_easy_setopt(handle, CURLOPT_CAINFO, server_.ca_file.c_str());
    }
    if (!server_.user.empty()) {
      curl_easy_setopt(handle, CURLOPT_USERNAME, server_.user.c_str());
      curl_easy_setopt(handle, CURLOPT_PASSWORD, server_.password.c_str());
    }
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(server_.attempt.count()));
    curl_easy_setopt(handle, CURLOPT_MAXAGE_CONN, static_cast<long>(connection_kept.count()));
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &abort_when_asked);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &aborting_);
  }

  const MailServer& server_;
  const std::atomic<bool>& aborting_;
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle_;
};

MailTransport::MailTransport(MailServer server) : server_(std::move(server)) {
  check(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
}

MailTransport::~MailTransport() { stop(); }

void MailTransport::start(std::function<void()> tick) {
  thread_ = std::thread([this, tick = std::move(tick)] { run(tick); });
}

void MailTransport::stop() {
  Turns<Waiting> waiting;
  {
    const Lock lock(mutex_);
    stopping_ = true;
    std::swap(waiting, queue_);
  }
  aborting_ = true;
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  while (auto one = waiting.take()) one->done(stopping_error());
}

void MailTransport::send(OutgoingMail mail, Transport::Done done) {
  Error refused = stopping_error();
  {
    const Lock lock(mutex_);
    if (!stopping_ && queue_.size() < queue_max) {
      const std::string owner = mail.owner;
      queue_.push(owner, {std::move(mail), std::move(done)});
      wake_.notify_all();
      return;
    }
    if (!stopping_) refused = {Errc::overloaded, "mail-queue-full", "too much mail is waiting", 0};
  }
  done(std::move(refused));
}

void MailTransport::run(const std::function<void()>& tick) {
  Session session(server_, aborting_);
  while (true) {
    std::optional<Waiting> waiting;
    {
      Lock lock(mutex_);
      wake_.wait_for(lock, tick_interval,
                     [&]() REQUIRES(mutex_) { return stopping_ || queue_.size() > 0; });
      if (stopping_) return;
      waiting = queue_.take();
    }
    if (waiting) waiting->done(session.send(waiting->mail));
    tick();
  }
}

}  // namespace cpl
