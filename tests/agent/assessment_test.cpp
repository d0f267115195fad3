// Policies that are kept once they have proved themselves (TD7): the rule against its authors' own, and what an agent
// makes of it.
#include "agent/assessment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "agent/algorithm.h"
#include "agent/small_options.h"
#include "agent/test_environments.h"
#include "ddpg/agent.h"
#include "policy/content.h"

namespace ddpg {
namespace {

// maybe_train_and_checkpoint() and train_and_reset() of the published TD7.py, as they stand there.
struct NaiveAssessment {
  AssessmentOptions hp;
  std::int64_t training_steps = 0;
  int eps_since_update = 0, max_eps_before_update = hp.early_episodes;
  std::int64_t timesteps_since_update = 0;
  double min_return = 1e8, best_min_return = -1e8;

  Verdict episode(std::int64_t timesteps, double episode_return) {
    eps_since_update++;
    timesteps_since_update += timesteps;
    min_return = std::min(min_return, episode_return);
    if (min_return < best_min_return) return train_and_reset(), Verdict::discarded;
    if (eps_since_update != max_eps_before_update) return Verdict::undecided;
    best_min_return = min_return;
    return train_and_reset(), Verdict::kept;
  }
  void train_and_reset() {
    for (; timesteps_since_update > 0; timesteps_since_update--) {
      if (training_steps == hp.early_updates) {
        best_min_return *= hp.reset_weight;
        max_eps_before_update = hp.episodes;
      }
      training_steps++;
    }
    eps_since_update = 0;
    min_return = 1e8;
  }
};

TEST(Assessment, IsThatOfTheAuthors) {
  int of_each[3] = {};
  for (std::uint64_t seed = 0; seed < 20; seed++) {
    RandomStream random(seed);
    const AssessmentOptions options{static_cast<int>(1 + random.below(5)), static_cast<int>(1 + random.below(2)), 150,
                                    0.9};
    NaiveAssessment naive{options};
    Assessment assessment(options);
    std::int64_t updates = 0, due = 0;
    for (int episode = 0; episode < 100; episode++) {
      const double found = 100 * random.normal() + episode - (seed % 2 == 0 ? 300 : 0);
      const auto steps = static_cast<std::int64_t>(1 + random.below(10));
      const Verdict expected = naive.episode(steps, found), verdict = assessment.episode(found);
      ASSERT_EQ(verdict, expected) << "seed " << seed << ", episode " << episode;
      of_each[static_cast<int>(verdict)]++;
      due += steps;
      Snapshot taken;
      assessment.exchange(taken);
      Snapshot given(taken.parts(), "x");
      assessment = Assessment(options);
      assessment.exchange(given);
      for (; verdict != Verdict::undecided && due > 0; due--) assessment.before_update(updates++);
    }
  }
  for (const int count : of_each) EXPECT_GT(count, 100);
}

Options assessed_options(int episodes) {
  Options options = testing::small_options();
  options.assessment = {.episodes = episodes, .early_episodes = episodes, .early_updates = 0};
  options.learning_starts = options.batch_size;
  return options;
}

// Its episodes have 20 steps. Each one's return is told by the list; the last one's goes on.
testing::Script with_returns(std::vector<double> returns) {
  testing::Script script = testing::point();
  auto episode = std::make_shared<std::size_t>(0);
  const auto play = script.step;
  script.step = [=](int step, std::span<const float> action, std::span<double> observation) {
    StepResult result = play(step, action, observation);
    result.reward = step == 19 ? returns[std::min(*episode, returns.size() - 1)] : 0;
    if (step == 19) ++*episode;
    return result;
  };
  return script;
}

std::vector<Tensor> deployed(const Algorithm& algorithm) {
  return algorithm.policy({}).content().tensors;
}
std::vector<Tensor> newest(const Algorithm& algorithm) {
  return algorithm.networks().actor.network.tensors(algorithm.networks().actor.weights);
}

void play_steps(Algorithm& algorithm, int steps) {
  for (int step = 0; step < steps; step++) algorithm.step();
}

TEST(AssessmentOfAgents, NothingIsLearntInAnEpisodeAndThenAllThatIsDue) {
  Algorithm algorithm(assessed_options(2), testing::scripted(with_returns({1})));
  play_steps(algorithm, 39);
  EXPECT_EQ(algorithm.updates(), 0);
  play_steps(algorithm, 1);
  EXPECT_EQ(algorithm.updates(), 36);  // learning starts after 4
  play_steps(algorithm, 39);
  EXPECT_EQ(algorithm.updates(), 36);
  play_steps(algorithm, 1);
  EXPECT_EQ(algorithm.updates(), 76);
}

TEST(AssessmentOfAgents, ThePolicyThatIsKeptIsDeployed) {
  Algorithm algorithm(assessed_options(1), testing::scripted(with_returns({5, 7, 6, 9})));
  const std::vector<Tensor> first = newest(algorithm);
  EXPECT_EQ(deployed(algorithm), first);
  play_steps(algorithm, 20);  // 5: it is kept, and another learnt
  EXPECT_EQ(deployed(algorithm), first);
  const std::vector<Tensor> second = newest(algorithm);
  EXPECT_NE(second, first);
  play_steps(algorithm, 20);  // 7
  EXPECT_EQ(deployed(algorithm), second);
  const std::vector<Tensor> third = newest(algorithm);
  play_steps(algorithm, 20);  // 6: worse than the second
  EXPECT_EQ(deployed(algorithm), second);
  EXPECT_NE(newest(algorithm), third);  // and yet it was learnt from
  const std::vector<Tensor> fourth = newest(algorithm);
  play_steps(algorithm, 20);  // 9
  EXPECT_EQ(deployed(algorithm), fourth);
}

TEST(AssessmentOfAgents, TheStatisticsOfThePolicyGoWithIt) {
  Options options = assessed_options(1);
  options.normalise_observations = true;
  Algorithm algorithm(options, testing::scripted(with_returns({5, 4})));
  play_steps(algorithm, 20);
  const std::vector<double> kept = algorithm.policy({}).content().mean;
  play_steps(algorithm, 30);
  EXPECT_EQ(algorithm.policy({}).content().mean, kept);
}

TEST(AssessmentOfAgents, EpisodesOfTheWarmUpDoNotCount) {
  Options options = assessed_options(1);
  options.warmup_steps = 30;
  Algorithm algorithm(options, testing::scripted(with_returns({1})));
  play_steps(algorithm, 59);
  EXPECT_EQ(algorithm.updates(), 0);  // the second episode began with random actions
  play_steps(algorithm, 1);
  EXPECT_EQ(algorithm.updates(), 56);
}

// Whoever owns the loop may learn in pieces: the episode in which that happens is of no one policy.
TEST(AssessmentOfAgents, EpisodesInWhichSomethingWasLearntDoNotCount) {
  Agent agent(assessed_options(1), {"point", 1, {-1.0f}, {1.0f}, 0});
  std::vector<float> action(1);
  const auto episode = [&](std::int64_t updates) {
    agent.begin_episode(0, std::vector<double>{0.5});
    for (int step = 0; step < 10; step++) {
      agent.act(0, action);
      agent.observe(0, action, {1, step == 9, false}, std::vector<double>{0.25});
      if (step == 4) agent.learn(updates);
    }
  };
  episode(0);
  EXPECT_EQ(agent.updates_due(), 6);
  episode(4);
  EXPECT_EQ(agent.updates_due(), 2);  // the rest of the first
  agent.learn();
  episode(0);
  EXPECT_EQ(agent.updates_due(), 20);
}

// And an assessment that has begun is of one policy: after an update it begins anew.
TEST(AssessmentOfAgents, EpisodesBeforeAnUpdateDoNotCountForThePolicyAfterIt) {
  Agent agent(assessed_options(3), {"point", 1, {-1.0f}, {1.0f}, 0});
  std::vector<float> action(1);
  const auto weights = [&] { return agent.policy().content().tensors; };
  const auto episodes = [&](int count) {
    for (int step = 0; step < 10 * count; step++) {
      if (!agent.in_episode(0)) agent.begin_episode(0, std::vector<double>{0.5});
      agent.act(0, action);
      agent.observe(0, action, {1, false, step % 10 == 9}, std::vector<double>{0.25});
    }
  };
  episodes(2);
  agent.update(20);
  episodes(2);  // four in all, two of this policy
  EXPECT_EQ(agent.updates_due(), 0);
  episodes(1);
  EXPECT_EQ(agent.updates_due(), 46);  // of all five; learning starts after 4
  const std::vector<Tensor> kept = weights();
  agent.learn();
  EXPECT_EQ(weights(), kept);
  EXPECT_EQ(agent.updates(), 66);
}

// As where it learns from data alone.
TEST(AssessmentOfAgents, UntilOneHasProvedItselfTheNewestIsDeployed) {
  Options options = assessed_options(1);
  options.normalise_observations = true;
  Agent agent(options, {"point", 1, {-1.0f}, {1.0f}, 0});
  const auto weights = [&] { return agent.policy().content().tensors; };
  const std::vector<Tensor> first = weights();
  for (int i = 0; i < 10; i++) agent.add({{0.5}, {0.1f * static_cast<float>(i)}, i % 3 - 1.0, {0.25}, false, true});
  agent.update(20);
  const std::vector<Tensor> second = weights();
  EXPECT_NE(second, first);
  EXPECT_NEAR(agent.policy().content().mean[0], 0.375, 1e-12);
  agent.update(20);
  const std::vector<Tensor> third = weights();
  EXPECT_NE(third, second);
  agent.begin_episode(0, std::vector<double>{0.5});
  agent.observe(0, std::vector<float>{0}, {1, true, false}, std::vector<double>{0.25});  // it is kept
  agent.update(20);
  EXPECT_EQ(weights(), third);
}

// Few steps have a return that no whole episode has.
TEST(AssessmentOfAgents, EpisodesThatBreakDownDoNotCount) {
  Agent agent(assessed_options(1), {"point", 1, {-1.0f}, {1.0f}, 0});
  std::vector<float> action(1);
  const auto episode = [&](int steps, bool breaks) {
    agent.begin_episode(0, std::vector<double>{0.5});
    for (int step = 0; step < steps; step++) {
      const bool last = step == steps - 1;
      agent.act(0, action);
      agent.observe(0, action, {-1, last && !breaks, last && breaks, last && breaks}, std::vector<double>{0.25});
    }
  };
  episode(10, true);
  EXPECT_EQ(agent.updates_due(), 0);
  episode(10, false);
  EXPECT_EQ(agent.updates_due(), 15);  // 9 steps, 10 steps, and learning starts after 4
}

// Nor those that the caller cuts: on a task of negative returns no whole episode could be as good as a short one.
TEST(AssessmentOfAgents, EpisodesThatAreCutDoNotCount) {
  Options options = assessed_options(1);
  options.assessment.reset_weight = 1;
  Agent agent(options, {"point", 1, {-1.0f}, {1.0f}, 0});
  std::vector<float> action(1);
  const auto episode = [&](int steps, bool cut) {
    agent.begin_episode(0, std::vector<double>{0.5});
    for (int step = 0; step < steps; step++) {
      agent.act(0, action);
      agent.observe(0, action, {-1, false, step == steps - 1 && !cut}, std::vector<double>{0.25});
    }
    if (cut) agent.end_episode(0);
    agent.learn();
  };
  episode(6, true);
  EXPECT_EQ(agent.updates(), 0);
  episode(10, false);  // it is kept
  EXPECT_EQ(agent.updates(), 12);
  const std::vector<Tensor> first = agent.policy().content().tensors;
  episode(3, true);
  EXPECT_EQ(agent.updates(), 12);
  EXPECT_EQ(agent.policy().content().tensors, first);
  episode(10, false);  // as good as the first, not as the cut one
  EXPECT_EQ(agent.updates(), 25);
  EXPECT_NE(agent.policy().content().tensors, first);
}

}  // namespace
}  // namespace ddpg
