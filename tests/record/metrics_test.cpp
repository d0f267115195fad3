#include "record/metrics.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "generated_section.h"
#include "places.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;

TEST(Metrics, AreAllDocumented) {
  std::string table =
      "| `progress.csv`, `progress.jsonl` | TensorBoard | unit | meaning | computed in |\n|---|---|---|---|---|\n";
  RunStart start;
  start.players = 1;
  for (const Metric& metric : metrics_of(start)) {
    const std::string tag = metric.tag.empty() ? "" : fmt::format("`{}`", metric.tag);
    table += fmt::format("| `{}` | {} | {} | {} | [{}](../src/{}) |\n", metric.name, tag, metric.unit, metric.meaning,
                         metric.source, metric.source);
  }
  expect_generated_section("metrics.md", table);
}

TEST(Metrics, NameFilesThatExist) {
  const fs::path sources = fs::path(tests_folder()).parent_path() / "src";
  RunStart start;
  start.players = 1;
  for (const Metric& metric : metrics_of(start)) EXPECT_TRUE(fs::exists(sources / metric.source)) << metric.source;
}

TEST(Metrics, TellWhatTheirNamesSay) {
  Progress progress;
  progress.step = 3;
  progress.exploration_sigma = 0.5;
  progress.evaluation.episodes = 7;
  progress.evaluation.min_return = -9;
  progress.updates_per_second = 11;
  const auto value = [&](std::string_view name) {
    for (const Metric& metric : metrics()) {
      if (name == metric.name) return metric.value(progress);
    }
    return MetricValue{kNotMeasured};
  };
  EXPECT_EQ(value("step"), MetricValue{std::int64_t{3}});
  EXPECT_EQ(value("exploration_sigma"), MetricValue{0.5});
  EXPECT_EQ(value("evaluation_episodes"), MetricValue{std::int64_t{7}});
  EXPECT_EQ(value("evaluation_min_return"), MetricValue{-9.0});
  EXPECT_EQ(value("updates_per_second"), MetricValue{11.0});
}

}  // namespace
}  // namespace ddpg
