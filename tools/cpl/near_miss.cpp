#include "tools/cpl/near_miss.hpp"

#include <CLI/CLI.hpp>

#include "crypto/plain_text.hpp"
#include "registry/base/letters_apart.hpp"

namespace cpl {
namespace {

constexpr std::size_t prefix_min = 3;

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands({})) names.push_back(sub->get_name());
  return names;
}

// Of the command and those above it.
std::vector<std::string> option_names(const CLI::App* app) {
  std::vector<std::string> names;
  for (; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* option : app->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

const CLI::Option* find_option(const CLI::App* app, const std::string& name) {
  for (; app != nullptr; app = app->get_parent()) {
    if (const CLI::Option* option = app->get_option_no_throw(name)) return option;
  }
  return nullptr;
}

const CLI::App* find_command(const CLI::App& app, const std::string& name) {
  for (const CLI::App* sub : app.get_subcommands({})) {
    if (sub->get_name() == name) return sub;
  }
  return nullptr;
}

bool is_option(const std::string& word) { return word.size() > 1 && word[0] == '-'; }

std::string path_of(const CLI::App& app) {
  return (app.get_parent() == nullptr ? "" : path_of(*app.get_parent()) + " ") + app.get_name();
}

bool takes_words(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) return true;
  }
  return app.get_subcommands({}).empty();
}

// One step along the words: the command named so far, and whether the next word is a value.
struct Walk {
  const CLI::App* at;
  bool value_follows = false;

  // What is wrong with the word.
  std::optional<std::string> take(const std::string& word) {
    if (std::exchange(value_follows, false)) return std::nullopt;
    return is_option(word) ? take_option(word) : take_name(word);
  }

 private:
  std::optional<std::string> take_option(const std::string& word) {
    const bool is_long = word[1] == '-';
    const auto equals = word.find('=');
    const std::string name = is_long ? word.substr(0, equals) : word.substr(0, 2);
    if (const CLI::Option* option = find_option(at, name)) {
      value_follows = option->get_items_expected_max() > 0 &&
                      (is_long ? equals == word.npos : word.size() == 2);
      return std::nullopt;
    }
    return path_of(*at) + " has no option " + shown(name) +
           (is_long ? did_you_mean(name, option_names(at)) : "");
  }
  std::optional<std::string> take_name(const std::string& word) {
    if (const CLI::App* sub = find_command(*at, word)) {
      at = sub;
      return std::nullopt;
    }
    if (takes_words(*at)) return std::nullopt;
    return path_of(*at) + " has no command \"" + shown(word) + "\"" +
           did_you_mean(word, command_names(*at));
  }
};

}  // namespace

std::optional<std::string> nearest(const std::string& typed,
                                   const std::vector<std::string>& words) {
  std::optional<std::string> best;
  std::size_t best_apart = 0;
  for (const std::string& word : words) {
    const bool begins = typed.size() >= prefix_min && word.starts_with(typed);
    const std::size_t apart = begins ? 1 : letters_apart(typed, word);
    const std::size_t apart_max = std::max<std::size_t>(1, typed.size() / 3);
    if (apart > apart_max || (best && apart >= best_apart)) continue;
    best = word;
    best_apart = apart;
  }
  return best;
}

std::string did_you_mean(const std::string& typed, const std::vector<std::string>& words) {
  const auto word = nearest(typed, words);
  return word ? "; did you mean " + *word + "?" : "";
}

const CLI::App& command_of(const CLI::App& root, const std::vector<std::string>& words) {
  Walk walk{&root};
  for (const std::string& word : words) {
    if (word == "--" || walk.take(word)) break;
  }
  return *walk.at;
}

std::optional<std::string> unknown_word(const CLI::App& root,
                                        const std::vector<std::string>& words) {
  Walk walk{&root};
  for (const std::string& word : words) {
    if (word == "--") break;
    if (auto wrong = walk.take(word)) return wrong;
  }
  return std::nullopt;
}

}  // namespace cpl
