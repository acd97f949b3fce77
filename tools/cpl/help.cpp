#include "tools/cpl/help.hpp"

#include <iostream>

#include "crypto/encoding.hpp"
#include "tools/cpl/choice.hpp"
#include "tools/cpl/help_topics.hpp"
#include "tools/cpl/layout.hpp"
#include "tools/cpl/near_miss.hpp"

namespace cpl {
namespace {

constexpr std::size_t help_column = 26;
constexpr std::size_t command_column = 18;

// As help names a place: "STATEMENT-FILE".
std::string place_name(const CLI::Option& option) {
  std::string name = ascii_upper(option.get_name());
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

// What an option takes, as its place in a command: FILE, N, TIME, or the words there are.
std::string value_name(const CLI::Option& option) {
  const std::vector<std::string> words = choices_of(option);
  if (!words.empty()) return words.size() > 4 ? "WORD" : option.get_type_name();
  std::string type = option.get_type_name().substr(0, option.get_type_name().find(':'));
  if (type == "UINT" || type == "INT") return "N";
  return type;
}

std::string option_names(const CLI::Option& option) {
  std::string names;
  for (const std::string& name : option.get_snames()) names += "-" + name + ", ";
  if (names.empty()) names = "    ";
  for (const std::string& name : option.get_lnames()) names += "--" + name;
  if (option.get_items_expected_max() > 0) names += " " + value_name(option);
  return names;
}

std::string option_text(const CLI::Option& option) {
  std::string text = option.get_description();
  const std::vector<std::string> words = choices_of(option);
  if (words.size() > 4) {
    text += ":";
    for (const std::string& word : words) text += (word == words.front() ? " " : ", ") + word;
  }
  if (!option.get_default_str().empty()) text += " [" + option.get_default_str() + "]";
  if (!option.get_envname().empty()) text += " [env: " + option.get_envname() + "]";
  return text;
}

std::string place_text(const CLI::Option& option) {
  const std::string name = place_name(option);
  return option.get_items_expected_max() > 1 ? name + "..." : name;
}

std::string usage(const CLI::App& app, const std::string& name) {
  std::string text = "Usage: " + name;
  if (!app.get_subcommands({}).empty()) return text + " COMMAND\n";
  for (const CLI::Option* option : app.get_options()) {
    if (option->nonpositional()) continue;
    text += option->get_required() ? " " + place_text(*option) : " [" + place_text(*option) + "]";
  }
  for (const CLI::Option* option : app.get_options()) {
    if (!option->nonpositional() || !option->get_required()) continue;
    text += " --" + option->get_lnames().front() + " " + value_name(*option);
  }
  return wrapped(text + " [OPTION]...", terminal_width(), 7) + "\n";
}

std::string arguments(const CLI::App& app) {
  std::string text;
  for (const CLI::Option* option : app.get_options()) {
    if (option->nonpositional()) continue;
    text += two_columns(place_text(*option), option_text(*option), help_column, terminal_width());
  }
  return text.empty() ? "" : "\n" + bold("Arguments:") + "\n" + text;
}

std::string options(const CLI::App& app) {
  std::string text;
  for (const CLI::Option* option : app.get_options()) {
    const bool is_common = option == app.get_help_ptr() && app.get_parent() != nullptr;
    if (!option->nonpositional() || is_common) continue;
    text += two_columns(option_names(*option), option_text(*option), help_column, terminal_width());
  }
  if (text.empty()) return "";
  return "\n" + bold(app.get_parent() == nullptr ? "Options of every command:" : "Options:") +
         "\n" + text;
}

std::string command_rows(const std::vector<const CLI::App*>& commands) {
  std::string text;
  for (const CLI::App* command : commands) {
    text += two_columns(command->get_name(), command->get_description(), command_column,
                        terminal_width());
  }
  return text;
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  const auto subs = app.get_subcommands({});
  return {subs.begin(), subs.end()};
}

std::string commands(const CLI::App& app) {
  const std::vector<const CLI::App*> all = commands_of(app);
  if (all.empty()) return "";
  if (app.get_parent() != nullptr) return "\n" + bold("Commands:") + "\n" + command_rows(all);
  std::string text;
  for (const UserGroup& group : user_groups()) {
    std::vector<const CLI::App*> its;
    for (const std::string_view name : group.commands) {
      for (const CLI::App* command : all) {
        if (command->get_name() == name) its.push_back(command);
      }
    }
    text += "\n" + bold(std::string(group.title)) + "\n" + command_rows(its);
  }
  return text;
}

// Lines that begin with two spaces are commands, the others are sentences.
std::string ending(const CLI::App& app) {
  std::string text;
  std::string rest = app.get_footer();
  while (!rest.empty()) {
    const std::string line = rest.substr(0, rest.find('\n'));
    rest.erase(0, line.size() + 1);
    text += (line.starts_with("  ") ? wrapped_command(line.substr(2), terminal_width(), 2)
                                    : wrapped(line, terminal_width())) +
            "\n";
  }
  return text.empty() ? "" : "\n" + text;
}

class HelpFormat : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode) const override {
    (void)name;
    return wrapped(app->get_description(), terminal_width()) + "\n\n" +
           usage(*app, command_path(*app)) + commands(*app) + arguments(*app) + options(*app) +
           ending(*app);
  }
};

// A topic that is no command.
const Topic* find_topic(const std::string& name) {
  for (const Topic& topic : topics()) {
    if (topic.name == name) return &topic;
  }
  return nullptr;
}

std::string topic_text(const Topic& topic) {
  std::string text;
  std::string rest(topic.text);
  while (!rest.empty()) {
    const std::string line = rest.substr(0, rest.find('\n'));
    rest.erase(0, line.size() + 1);
    const auto gap = line.find("  ");
    text += gap == line.npos || gap == 0
                ? wrapped(line, terminal_width()) + "\n"
                : two_columns(line.substr(0, gap), line.substr(line.find_first_not_of(' ', gap)),
                              help_column, terminal_width());
  }
  return text;
}

Result<void> show_help(const Cli& cli, const std::vector<std::string>& words) {
  if (words.size() == 1) {
    if (const Topic* topic = find_topic(typed_word(words[0]))) {
      std::cout << topic_text(*topic);
      return {};
    }
  }
  if (const auto wrong = unknown_word(cli.app, words)) {
    std::vector<std::string> names;
    for (const Topic& topic : topics()) names.emplace_back(topic.name);
    const auto topic = nearest(words[0], names);
    return Error{Errc::not_found, "topic-unknown",
                 *wrong + (topic ? ", and no topic of that name; did you mean " + *topic + "?"
                                 : std::string())};
  }
  std::cout << help_of(command_of(cli.app, words));
  return {};
}

}  // namespace

void use_help_format(CLI::App& app) {
  app.formatter(std::make_shared<HelpFormat>());
  app.set_help_flag("-h,--help", "Show help; after a command, its own");
}

std::string command_path(const CLI::App& command) {
  const CLI::App* const parent = command.get_parent();
  return parent == nullptr ? "cpl" : command_path(*parent) + " " + command.get_name();
}

std::string help_of(const CLI::App& command) {
  return HelpFormat().make_help(&command, "", CLI::AppFormatMode::Normal);
}

void add_help_command(Cli& cli) {
  auto words = std::make_shared<std::vector<std::string>>();
  std::string all;
  for (const Topic& topic : topics()) all += (all.empty() ? "" : ", ") + std::string(topic.name);
  CLI::App* help = add_command(cli.app, "help", "Explain a command, or a topic",
                               "cpl help desk check\n  cpl help exit-codes");
  help->add_option("topic", *words, "A command, or one of: " + all);
  help->callback([&cli, words] { cli.run([&] { return show_help(cli, *words); }); });
}

}  // namespace cpl
