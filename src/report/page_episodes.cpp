// The part of a page that plays an episode.
#include <fmt/format.h>

#include <algorithm>

#include "record/text.h"
#include "report/episode.h"
#include "report/html.h"
#include "report/numbers.h"
#include "report/page_parts.h"

namespace ddpg {
namespace {

std::string player(const Task& task, const RunGroup& group, const std::atomic<bool>* stop) {
  const ShownEpisode shown = shown_episode(group, stop);
  const std::string name = task.groups.size() > 1 ? "<h3>" + group_name(task, group) + "</h3>\n" : "";
  if (shown.script.empty())
    return fmt::format("<div class=\"player\">{}<p class=\"missing\">{}</p></div>\n", name, escaped(shown.problem));
  return fmt::format(
      "<figure class=\"player\">\n{}<canvas role=\"img\" aria-label=\"A test episode on {}\" "
      "style=\"aspect-ratio:{:.4f}\"></canvas>\n"
      "<div class=\"controls\"><button type=\"button\" aria-label=\"Play\"></button>"
      "<input type=\"range\" min=\"0\" max=\"{}\" value=\"0\" aria-label=\"Step of the episode\"/>"
      "<output>step 0 of {}</output></div>\n<script type=\"application/json\">{}</script>\n"
      "<figcaption>Seed {} after {}; return <strong>{}</strong> in {}.</figcaption></figure>\n",
      name, escaped(task.environment), shown.aspect, shown.steps, shown.steps, shown.script, shown.run->options->seed,
      counted(shown.trained, "step"), readable(shown.total), counted(shown.steps, "step"));
}

}  // namespace

std::string episode_section(const Task& task, const std::atomic<bool>* stop) {
  constexpr std::size_t kMostPlayers = 6;
  std::string players;
  for (std::size_t g = 0; g < std::min(task.groups.size(), kMostPlayers); g++)
    players += player(task, task.groups[g], stop);
  return section(
      id_of("episode", task), "The policy at work",
      "<p>A test episode without noise, played when this page was made, with the policy of the seed whose last "
      "test return is the middle one.</p>\n<div class=\"grid\">\n" +
          players + "</div>\n");
}

}  // namespace ddpg
