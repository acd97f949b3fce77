#include "registry/tlog/trust_policy.hpp"

#include "crypto/encoding.hpp"

namespace cpl {
namespace {

constexpr std::size_t policy_size_max = 256U << 10U;
constexpr std::size_t names_max = 1000;
// 9999-12-31T23:59:59Z: no time beyond it has a spelling.
constexpr std::uint64_t seconds_max = 253'402'300'799;

std::vector<std::string> split_tokens(std::string_view line) {
  std::vector<std::string> tokens;
  while (true) {
    const auto start = line.find_first_not_of(" \t");
    if (start == line.npos) return tokens;
    const auto end = std::min(line.find_first_of(" \t", start), line.size());
    tokens.emplace_back(line.substr(start, end - start));
    line.remove_prefix(end);
  }
}

bool is_forbidden(char c) {
  return (static_cast<std::uint8_t>(c) < 0x20 && c != '\t' && c != '\n') || c == 0x7F;
}

}  // namespace

// Reads one line after another; a name may be used only below where it is defined.
class TrustPolicy::Parser {
 public:
  Result<void> line(const std::vector<std::string>& tokens) {
    if (tokens[0] == "log") return log(tokens);
    if (tokens[0] == "witness") return witness(tokens);
    if (tokens[0] == "group") return group(tokens);
    if (tokens[0] == "quorum") return quorum(tokens);
    return error("\"" + tokens[0] + "\" is none of log, witness, group and quorum");
  }

  Result<TrustPolicy> finish() {
    if (policy_.logs_.empty()) return error("it names no log");
    if (!has_quorum_) return error("it has no quorum line (\"quorum none\" asks for no witness)");
    return std::move(policy_);
  }

  static Error error(std::string detail) {
    return malformed("policy-malformed", "not a trust policy: " + std::move(detail));
  }

 private:
  Result<void> log(const std::vector<std::string>& tokens) {
    if (tokens.size() < 2 || tokens.size() > 3) return error("log <key string> [<url>]");
    NoteVerifier key = TRY(NoteVerifier::parse(tokens[1]));
    if (key.type() == NoteKeyType::cosignature) return error("a witness's key cannot be a log's");
    for (const NoteVerifier& other : policy_.logs_) {
      if (other.key() == key.key()) return error("two logs have the same key");
    }
    policy_.logs_.push_back(std::move(key));
    return {};
  }

  Result<void> witness(const std::vector<std::string>& tokens) {
    if (tokens.size() < 3 || tokens.size() > 4) {
      return error("witness <name> <key string> [<url>]");
    }
    TRY_VOID(define(tokens[1]));
    NoteVerifier key = TRY(NoteVerifier::parse(tokens[2]));
    if (key.type() == NoteKeyType::ecdsa_p256) return error("a witness has an Ed25519 key");
    // Some witnesses publish their key as a plain one; what they sign with it is a cosignature.
    NoteVerifier cosigner =
        TRY(NoteVerifier::create(key.name(), NoteKeyType::cosignature, key.key()));
    for (const Witness& other : policy_.witnesses_) {
      if (other.key.key() == cosigner.key()) return error("two witnesses have the same key");
    }
    policy_.witnesses_.push_back(
        {tokens[1], std::move(cosigner), tokens.size() == 4 ? tokens[3] : ""});
    return {};
  }

  Result<void> group(const std::vector<std::string>& tokens) {
    if (tokens.size() < 4) return error("group <name> all|any|<k> <member>...");
    Group made{0, {tokens.begin() + 3, tokens.end()}};
    for (const std::string& member : made.members) TRY_VOID(use_member(member));
    TRY_VOID(define(tokens[1]));
    if (tokens[2] == "all") {
      made.needed = made.members.size();
    } else if (tokens[2] == "any") {
      made.needed = 1;
    } else {
      made.needed = from_decimal(tokens[2]).value_or(0);
    }
    if (made.needed < 1 || made.needed > made.members.size()) {
      return error("the group " + tokens[1] + " must need between 1 and all of its members");
    }
    policy_.groups_.emplace(tokens[1], std::move(made));
    return {};
  }

  Result<void> quorum(const std::vector<std::string>& tokens) {
    if (tokens.size() != 2 || has_quorum_) return error("exactly one line quorum <name>|none");
    if (tokens[1] != "none" && !is_defined(tokens[1])) {
      return error("the quorum names " + tokens[1] + ", which is not defined above it");
    }
    policy_.quorum_ = tokens[1];
    has_quorum_ = true;
    return {};
  }

  bool is_defined(const std::string& name) const {
    return std::find(names_.begin(), names_.end(), name) != names_.end();
  }
  Result<void> define(const std::string& name) {
    if (name == "none" || is_defined(name)) return error("the name " + name + " is taken");
    if (names_.size() == names_max) return error("too many names");
    names_.push_back(name);
    return {};
  }
  Result<void> use_member(const std::string& name) {
    if (!is_defined(name)) return error(name + " is used above where it is defined");
    if (std::find(members_.begin(), members_.end(), name) != members_.end()) {
      return error(name + " is a member twice");
    }
    members_.push_back(name);
    return {};
  }

  TrustPolicy policy_;
  std::vector<std::string> names_;
  std::vector<std::string> members_;
  bool has_quorum_ = false;
};

Result<TrustPolicy> TrustPolicy::parse(BytesView text) {
  if (text.size() > policy_size_max) return Parser::error("it is too large");
  if (std::any_of(text.begin(), text.end(), is_forbidden)) {
    return Parser::error("it holds a control character");
  }
  Parser parser;
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const auto end = text.find('\n');
    if (end == text.npos) return Parser::error("its last line does not end in a newline");
    const auto tokens = split_tokens(text.substr(0, end));
    text.remove_prefix(end + 1);
    if (tokens.empty() || tokens[0].starts_with('#')) continue;
    if (const auto read = parser.line(tokens); !read) {
      return within("line " + std::to_string(number), read.error());
    }
  }
  return parser.finish();
}

TrustPolicy TrustPolicy::without_quorum() const {
  TrustPolicy policy = *this;
  policy.quorum_ = "none";
  return policy;
}

TrustPolicy TrustPolicy::of_log(NoteVerifier log_key) {
  TrustPolicy policy;
  policy.logs_.push_back(std::move(log_key));
  return policy;
}

std::size_t TrustPolicy::holding(const Group& group,
                                 const std::vector<std::string>& cosigned) const {
  return static_cast<std::size_t>(
      std::count_if(group.members.begin(), group.members.end(),
                    [&](const std::string& member) { return holds(member, cosigned); }));
}

bool TrustPolicy::holds(const std::string& name, const std::vector<std::string>& cosigned) const {
  const auto group = groups_.find(name);
  if (group != groups_.end()) return holding(group->second, cosigned) >= group->second.needed;
  return std::find(cosigned.begin(), cosigned.end(), name) != cosigned.end();
}

TrustPolicy::QuorumCount TrustPolicy::quorum_count(const std::vector<std::string>& cosigned) const {
  if (!needs_witnesses()) return {};
  const auto group = groups_.find(quorum_);
  if (group == groups_.end()) return {1, 1, holds(quorum_, cosigned) ? 1U : 0U};
  return {group->second.needed, group->second.members.size(), holding(group->second, cosigned)};
}

bool TrustPolicy::quorum_holds(const std::vector<std::string>& cosigned) const {
  return quorum_ == "none" || holds(quorum_, cosigned);
}

namespace {

// A witness of the policy and the time that its cosignature carries.
struct WitnessTime {
  std::string name;
  std::uint64_t time = 0;
};

std::optional<std::uint64_t> quorum_time(std::vector<WitnessTime> times,
                                         const TrustPolicy& policy) {
  std::sort(times.begin(), times.end(),
            [](const WitnessTime& a, const WitnessTime& b) { return a.time > b.time; });
  std::vector<std::string> newest;
  for (const WitnessTime& one : times) {
    newest.push_back(one.name);
    if (policy.quorum_holds(newest)) return one.time;
  }
  return std::nullopt;
}

std::uint64_t time_of_line(const Note& note, const NoteVerifier& key) {
  return cosignature_time(line_of(note, key)->signature);
}

}  // namespace

UnixMillis witness_time_millis(std::uint64_t witness_time) {
  return UnixMillis{std::min(witness_time, seconds_max) * 1000};
}

bool is_stale(std::uint64_t witness_time, std::uint64_t age_seconds_max, UnixMillis now) {
  const std::uint64_t seconds = now.value / 1000;
  return witness_time < seconds && seconds - witness_time > age_seconds_max;
}

Result<TrustedCheckpoint> trust_checkpoint(BytesView message, const TrustPolicy& policy) {
  const Note note = TRY(parse_note(message));
  std::vector<NoteVerifier> keys = policy.logs();
  for (const TrustPolicy::Witness& witness : policy.witnesses()) keys.push_back(witness.key);
  const auto verified = TRY(verify_note(note, keys));
  TrustedCheckpoint trusted{TRY(parse_checkpoint(note.text)), {}, {}, {}};
  std::vector<WitnessTime> times;
  for (const std::size_t position : verified) {
    if (position < policy.logs().size()) {
      if (keys[position].name() == trusted.checkpoint.origin) {
        trusted.log_key_name = keys[position].name();
        trusted.log_keys.push_back(keys[position]);
      }
      continue;
    }
    const std::string& name = policy.witnesses()[position - policy.logs().size()].name;
    trusted.cosigned.push_back(name);
    times.push_back({name, time_of_line(note, keys[position])});
  }
  if (trusted.log_key_name.empty()) {
    return Error{Errc::unauthorized, "log-not-trusted",
                 "the checkpoint of \"" + trusted.checkpoint.origin +
                     "\" is not signed by a log key of that name in the policy"};
  }
  if (!policy.quorum_holds(trusted.cosigned)) {
    return Error{Errc::unauthorized, "quorum-not-met",
                 "the checkpoint has " + std::to_string(trusted.cosigned.size()) +
                     " cosignatures of the policy's witnesses, too few for its quorum"};
  }
  trusted.witness_time = quorum_time(std::move(times), policy);
  return trusted;
}

}  // namespace cpl
