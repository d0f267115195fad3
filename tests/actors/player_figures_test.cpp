// What is recorded of each player, and what breaks down there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "actors/players.h"
#include "actors/worlds.h"
#include "ddpg/train.h"
#include "record/csv.h"
#include "record/json_lines.h"
#include "run/progress_table.h"
#include "run/rows.h"
#include "run/training.h"

namespace ddpg {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Le;
using testing::Players;
using testing::Rows;

class Table final : public Observer {
 public:
  void started(const RunStart& start) override {
    columns_ = metrics_of(start);
    csv = csv_header(columns_) + "\n";
  }
  void progressed(const Progress& progress, const Policy&) override {
    csv += csv_row(progress, columns_) + "\n";
    json = json_line(progress, columns_);
    rows.push_back(progress);
  }

  std::string csv, json;
  std::vector<Progress> rows;

 private:
  std::vector<Metric> columns_;
};

TEST(PlayerFigures, AreInEachRowOfEachPlayer) {
  const Options options = testing::in_worlds_apart();
  const Players players(3);
  Table table;
  train(options, {&table}, nullptr, {}, testing::played_by(players.learner()));
  std::int64_t steps = 0;
  for (const Progress& row : table.rows) {
    ASSERT_EQ(row.players.size(), 3u);
    for (const PlayerProgress& player : row.players) {
      steps += player.steps;
      if (!std::isnan(player.backlog)) {
        EXPECT_THAT(player.backlog, AllOf(Ge(0), Le(2)));
      }
      if (!std::isnan(player.staleness)) {
        EXPECT_GE(player.staleness, 0);
      }
      if (row.step > 0) {
        EXPECT_EQ(player.steps_per_second > 0, player.steps > 0);
      }
    }
  }
  EXPECT_EQ(steps, 300);
  const ProgressTable read = parse_progress(table.csv, "test");
  EXPECT_EQ(read.rows(), table.rows.size());
  for (const char* name : {"player_1_steps_per_second", "player_2_staleness", "player_3_backlog"}) {
    EXPECT_TRUE(read.has(name)) << name;
    EXPECT_THAT(table.json, HasSubstr(name));
  }
  EXPECT_FALSE(read.has("player_4_backlog"));
}

// By how much the policy of a block is behind: the second block of a player that learns alone is of the first policy,
// or of one that came while it played.
TEST(PlayerFigures, StalenessIsOfUpdates) {
  Options options = testing::in_worlds_apart();
  options.steps = 64 * 4;
  options.warmup_steps = options.learning_starts = 63;
  options.log_interval = 64;
  const Players players(1);
  Table table;
  train(options, {&table}, nullptr, {}, testing::played_by(players.learner()));
  EXPECT_EQ(table.rows[1].players[0].staleness, 0);  // the first block, of before all updates
  EXPECT_EQ(table.rows[2].players[0].staleness, 1);  // the second one was begun before the first was there
  for (const Progress& row : table.rows) EXPECT_LE(row.players[0].steps, 64);
}

TEST(PlayerFigures, AreNotThereWhereThisProcessPlays) {
  Table table;
  train(testing::in_worlds_apart(), {&table});
  EXPECT_THAT(table.csv, Not(HasSubstr("player")));
  EXPECT_TRUE(table.rows.back().players.empty());
}

TEST(PlayerFigures, BreakdownsAreToldWithTheirText) {
  Options options = testing::in_worlds_apart(7);
  options.on_breakdown = OnBreakdown::end_episode;
  const Players players(1);
  Rows rows;
  Table table;
  const TrainingResult result = train(options, {&rows, &table}, nullptr, {}, testing::played_by(players.learner()));
  EXPECT_EQ(result.summary.steps, 300);
  EXPECT_GT(table.rows.back().breakdowns, 0);
  EXPECT_THAT(rows.warnings, Contains(AllOf(HasSubstr("ended by a breakdown"), HasSubstr("the gears are stuck"))));
}

}  // namespace
}  // namespace ddpg
