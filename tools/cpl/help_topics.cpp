#include "tools/cpl/help_topics.hpp"

#include "notifier/event/event.hpp"

namespace cpl {

const std::vector<UserGroup>& user_groups() {
  static const std::vector<UserGroup> all = {
      {"SECAS clerk",
       {"import", "add", "minutes", "notice", "remove", "correct", "certificate", "disclose",
        "submit", "agenda", "notices", "withdraw", "action", "actions", "calendar", "paper",
        "proposals", "specifications"}},
      {"Panel", {"decision", "reinstate", "charter", "sign", "tray", "key"}},
      {"Service Desk", {"desk", "ui", "reconcile"}},
      {"Manufacturer", {"submission"}},
      {"Party",
       {"list", "show", "log", "diff", "loadings", "subscribe", "listen", "report", "openings"}},
      {"Auditor",
       {"verify", "verifier", "prove", "audit", "monitor", "checkpoint", "mirror", "witness",
        "extract"}},
      {"Operator", {"party", "deliveries", "journal", "backup", "restore", "fsck"}},
      {"Other", {"help", "completion", "sample"}},
  };
  return all;
}

namespace {

std::string event_types_text() {
  std::string text = "Types of events, as --event-type takes them:\n";
  for (const std::string_view kind : event_kind_words) text += std::string(kind) + "\n";
  return text +
         "In an event, the registry's prefix stands before them: example.cpl.entry.removed.v1. "
         "Either form is taken. Besides these, checkpoint.v1 comes at regular intervals.\n";
}

}  // namespace

const std::vector<Topic>& topics() {
  static const std::vector<Topic> all = {
      {"exit-codes",
       "Every command ends with one of these codes:\n"
       "0  done, or valid\n"
       "1  refused, or invalid\n"
       "2  could not be done or checked\n"
       "3  valid, but older than --max-age allows\n"},
      {"environment",
       "What you would give with every command can be set once:\n"
       "CPL_SERVER  the registry's URL, as --server\n"
       "CPL_POLICY  the trust policy file, as --policy\n"
       "CPL_ORIGIN  the registry a statement is meant for, as --origin\n"
       "CPL_CHARTER  the id of the first charter, as --charter\n"
       "CPL_DESK_KEY  the Service Desk's key file, as --key of cpl desk\n"
       "CPL_TIMEOUT  how long an answer may take, as --timeout\n"
       "CPL_TOKEN  your token, where the registry must know who asks\n"
       "CPL_CLIENT_CERTIFICATE  your certificate, and CPL_CLIENT_KEY its key\n"
       "CPL_CA_FILE  who may vouch for the server, instead of the system's list\n"
       "CPL_KEY  your key file, as --key of cpl show\n"
       "CPL_ASKPASS  the program that cpl ui asks you with before it signs\n"
       "CPL_PASS_PHRASE  the pass phrase of your key file; asked for at a terminal\n"
       "CPL_PIN  the PIN of a card or HSM\n"
       "NO_COLOR  print without colours\n"
       "COLUMNS  how wide help is printed\n"},
      {"files",
       "What commands make, and which of them you may give away:\n"
       "*.key  a private key: keep it to yourself\n"
       "*.pub  its public key: give it to anybody\n"
       "*.stmt  a statement, with the signatures it has so far\n"
       "*.seals  what opens the sealed texts of a statement: as secret as they are\n"
       "policy.txt  whom you trust: the log's key and its witnesses\n"
       "*.json  evidence, for cpl verify\n"
       "- stands for standard input, or standard output after --out.\n"},
      {"event-types", event_types_text()},
  };
  return all;
}

}  // namespace cpl
