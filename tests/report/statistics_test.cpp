// Against scipy, numpy and rliable (tests/golden/make_statistics_golden.py).
#include "report/statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "places.h"
#include "report/curves.h"
#include "support/files.h"

namespace ddpg {
namespace {

const nlohmann::json& golden() {
  static const auto values = nlohmann::json::parse(read_file(tests_folder() + "/golden/statistics.json"));
  return values;
}

double near(double value) {
  return 1e-12 * std::max(1.0, std::fabs(value));
}

TEST(Statistics, AgreeWithScipyAndNumpy) {
  int samples = 0;
  for (const auto& entry : golden().at("samples")) {
    std::vector<double> values = entry.at("values");
    const double iqm = entry.at("iqm"), average = entry.at("mean");
    EXPECT_NEAR(interquartile_mean(values), iqm, near(iqm)) << entry;
    EXPECT_NEAR(mean(values), average, near(average));
    if (values.size() > 1) {
      EXPECT_NEAR(sample_deviation(values), entry.at("std").get<double>(), near(entry.at("std")));
    }
    std::sort(values.begin(), values.end());
    const double places[] = {0, 0.025, 0.3, 0.5, 0.975, 1};
    for (std::size_t i = 0; i < std::size(places); i++) {
      const double expected = entry.at("quantiles").at(i);
      EXPECT_NEAR(quantile(values, places[i]), expected, near(expected));
    }
    samples++;
  }
  EXPECT_GE(samples, 8);
}

TEST(Statistics, IntervalsAreThoseOfTheSameResamplesInNumpy) {
  for (const auto& entry : golden().at("samples")) {
    const std::vector<double> values = entry.at("values");
    if (values.size() < 2) continue;
    const Interval interval = Bootstrap(values.size(), 2'000).interquartile_mean_interval(values);
    EXPECT_NEAR(interval.low, entry.at("interval").at(0).get<double>(), near(interval.low)) << entry;
    EXPECT_NEAR(interval.high, entry.at("interval").at(1).get<double>(), near(interval.high));
  }
}

// Its resamples are others, so the ends differ by the noise of drawing them: a few per cent of the width.
TEST(Statistics, IntervalsAgreeWithRliable) {
  for (const auto& entry : golden().at("samples")) {
    const std::vector<double> values = entry.at("values");
    if (values.size() < 2) continue;
    const double low = entry.at("rliable_interval").at(0), high = entry.at("rliable_interval").at(1);
    const Interval interval = Bootstrap(values.size(), kScoreRepetitions).interquartile_mean_interval(values);
    EXPECT_NEAR(interval.low, low, 0.03 * (high - low)) << entry;
    EXPECT_NEAR(interval.high, high, 0.03 * (high - low)) << entry;
  }
}

TEST(Statistics, ProbabilityOfImprovementAgreesWithRliable) {
  for (const auto& entry : golden().at("improvement")) {
    const std::vector<double> x = entry.at("x"), y = entry.at("y");
    EXPECT_NEAR(probability_of_improvement(x, y), entry.at("probability").get<double>(), 1e-12) << entry;
    const Interval interval = improvement_interval(x, y, kScoreRepetitions);
    EXPECT_NEAR(interval.low, entry.at("rliable_interval").at(0).get<double>(), 0.02) << entry;
    EXPECT_NEAR(interval.high, entry.at("rliable_interval").at(1).get<double>(), 0.02) << entry;
  }
}

TEST(Statistics, AreNothingOfNothing) {
  EXPECT_TRUE(std::isnan(interquartile_mean({})));
  EXPECT_TRUE(std::isnan(quantile({}, 0.5)));
  EXPECT_TRUE(std::isnan(sample_deviation(std::vector{1.0})));
  EXPECT_TRUE(std::isnan(probability_of_improvement({}, std::vector{1.0})));
}

}  // namespace
}  // namespace ddpg
