// cpl completion: the words of the command line for a shell, taken from the commands themselves.
#include <iostream>

#include "tools/cpl/choice.hpp"
#include "tools/cpl/cli.hpp"

namespace cpl {
namespace {

std::string words_of(const CLI::App& app) {
  std::string words;
  for (const CLI::App* sub : app.get_subcommands({})) words += sub->get_name() + " ";
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) words += "--" + name + " ";
  }
  return words;
}

std::string choices_text(const CLI::Option& option) {
  std::string words;
  for (const std::string& word : choices_of(option)) words += word + " ";
  return words;
}

// The words that an option may be given, where they are known.
void print_values(const CLI::App& app, const std::string& path) {
  for (const CLI::Option* option : app.get_options()) {
    const std::string words = choices_text(*option);
    if (words.empty() || !option->nonpositional()) continue;
    std::cout << "    \"" << path << " --" << option->get_lnames().front() << "\") words=\""
              << words << "\" ;;\n";
  }
  for (const CLI::App* sub : app.get_subcommands({})) {
    print_values(*sub, path.empty() ? sub->get_name() : path + " " + sub->get_name());
  }
}

// A case for each command and its own commands.
void print_cases(const CLI::App& app, const std::string& path) {
  std::cout << "    \"" << path << "\") words=\"" << words_of(app) << "\" ;;\n";
  for (const CLI::App* sub : app.get_subcommands({})) {
    print_cases(*sub, path.empty() ? sub->get_name() : path + " " + sub->get_name());
  }
}

void print_bash(const CLI::App& app) {
  std::cout << "# bash completion for cpl; made by cpl completion bash\n"
               "_cpl() {\n"
               "  local path=\"\" word words i\n"
               "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
               "    word=${COMP_WORDS[i]}\n"
               "    [[ $word == -* ]] && continue\n"
               "    case \"${path:+$path }$word\" in\n";
  const auto commands = app.get_subcommands({});
  for (const CLI::App* sub : commands) {
    std::cout << "      \"" << sub->get_name() << "\") path=\"" << sub->get_name() << "\" ;;\n";
    for (const CLI::App* inner : sub->get_subcommands({})) {
      const std::string path = sub->get_name() + " " + inner->get_name();
      std::cout << "      \"" << path << "\") path=\"" << path << "\" ;;\n";
    }
  }
  std::cout << "    esac\n"
               "  done\n"
               "  case \"$path\" in\n";
  print_cases(app, "");
  std::cout << "  esac\n"
               "  case \"$path ${COMP_WORDS[COMP_CWORD - 1]}\" in\n";
  print_values(app, "");
  std::cout
      << "  esac\n"
         "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\")\n"
         "}\n"
         "complete -o default -F _cpl cpl\n";
}

void print_zsh(const CLI::App& app) {
  std::cout << "#compdef cpl\n"
               "# zsh completion for cpl; made by cpl completion zsh\n"
               "autoload -U +X bashcompinit && bashcompinit\n";
  print_bash(app);
}

void print_fish(const CLI::App& app) {
  std::cout << "# fish completion for cpl; made by cpl completion fish\n";
  for (const CLI::App* sub : app.get_subcommands({})) {
    std::cout << "complete -c cpl -n __fish_use_subcommand -a " << sub->get_name() << " -d '"
              << sub->get_description().substr(0, sub->get_description().find('\'')) << "'\n";
    for (const CLI::Option* option : sub->get_options()) {
      for (const std::string& name : option->get_lnames()) {
        std::cout << "complete -c cpl -n '__fish_seen_subcommand_from " << sub->get_name()
                  << "' -l " << name;
        const std::string words = choices_text(*option);
        if (!words.empty()) std::cout << " -x -a '" << words << "'";
        std::cout << "\n";
      }
    }
  }
}

}  // namespace

void add_completion_command(Cli& cli) {
  auto shell = std::make_shared<std::string>();
  CLI::App* command =
      add_command(cli.app, "completion", "Print completion for a shell",
                  "cpl completion bash > ~/.local/share/bash-completion/completions/cpl");
  choose(command->add_option("shell", *shell, "The shell"), {"bash", "zsh", "fish"})->required();
  command->callback([&cli, shell] {
    if (*shell == "bash") print_bash(cli.app);
    if (*shell == "zsh") print_zsh(cli.app);
    if (*shell == "fish") print_fish(cli.app);
  });
}

}  // namespace cpl
