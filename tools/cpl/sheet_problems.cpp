#include "tools/cpl/sheet_problems.hpp"

#include <algorithm>
#include <map>

#include "tools/cpl/cli.hpp"

namespace cpl {
namespace {

// The detail without what is quoted in it, which differs from row to row.
std::string kind_of(const std::string& detail) {
  std::string kind;
  bool in_quotes = false;
  for (const char c : detail) {
    if (c == '"') in_quotes = !in_quotes;
    if (!in_quotes || c == '"') kind += c;
  }
  return kind;
}

struct Alike {
  std::size_t first = 0;  // In the order of the file.
  std::vector<const SheetProblem*> problems{};
};

// "rows 3-20, 25"
std::string rows_text(const std::vector<const SheetProblem*>& problems) {
  std::string text;
  for (std::size_t i = 0; i < problems.size();) {
    std::size_t last = i;
    while (last + 1 < problems.size() && problems[last + 1]->row <= problems[last]->row + 1) ++last;
    text += (text.empty() ? "" : ", ") + std::to_string(problems[i]->row);
    if (problems[last]->row != problems[i]->row) text += "-" + std::to_string(problems[last]->row);
    i = last + 1;
  }
  return (problems.front()->row == problems.back()->row ? "row " : "rows ") + text;
}

std::string described(const SheetProblem& problem) {
  const bool error = problem.severity == SheetProblem::Severity::error;
  std::string line = "row " + std::to_string(problem.row);
  if (!problem.column.empty()) line += ", " + printable(problem.column);
  return line + ": " + (error ? red("error") : "warning") + ": " + printable(problem.detail);
}

std::string line_of(const Alike& alike) {
  const SheetProblem& one = *alike.problems.front();
  if (alike.problems.size() == 1) return described(one) + "\n";
  return rows_text(alike.problems) + (one.column.empty() ? "" : ", " + printable(one.column)) +
         ": " + (one.severity == SheetProblem::Severity::error ? red("error") : "warning") + ": " +
         printable(one.detail) + " (and " + std::to_string(alike.problems.size() - 1) +
         " more of this kind)\n";
}

}  // namespace

std::string problems_text(const SheetReading& reading, std::size_t kinds_max) {
  std::map<std::tuple<bool, std::string, std::string>, Alike> kinds;
  for (std::size_t i = 0; i < reading.problems.size(); ++i) {
    const SheetProblem& problem = reading.problems[i];
    const bool is_warning = problem.severity == SheetProblem::Severity::warning;
    Alike& alike = kinds[{is_warning, problem.column, kind_of(problem.detail)}];
    if (alike.problems.empty()) alike.first = i;
    alike.problems.push_back(&problem);
  }
  std::vector<std::pair<bool, Alike>> sorted;
  sorted.reserve(kinds.size());
  for (auto& [kind, alike] : kinds) sorted.emplace_back(std::get<0>(kind), std::move(alike));
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return std::tuple(a.first, a.second.problems.size(), a.second.first) <
           std::tuple(b.first, b.second.problems.size(), b.second.first);
  });
  std::string text;
  for (std::size_t i = 0; i < std::min(kinds_max, sorted.size()); ++i) {
    text += line_of(sorted[i].second);
  }
  if (sorted.size() > kinds_max) {
    text += "and " + std::to_string(sorted.size() - kinds_max) +
            " more kinds of mistake; --max-errors shows more\n";
  }
  return text;
}

}  // namespace cpl
