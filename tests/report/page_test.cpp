#include "report/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <regex>

#include "report/html.h"
#include "report/polyline.h"
#include "report/well_formed.h"
#include "report/written_runs.h"

namespace ddpg {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class PageTest : public ::testing::Test {
 protected:
  std::string page() const { return html_page(study_of({runs.root}), {}); }
  static std::size_t count(const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) n++;
    return n;
  }

  testing::WrittenRuns runs;
};

TEST_F(PageTest, TellsCurvesScoresOptionsAndRuns) {
  for (int seed = 0; seed < 5; seed++) {
    runs.add("a" + std::to_string(seed), seed, {-1'000, -500, -150.0 - seed});
    runs.add("b" + std::to_string(seed), seed, {-1'000, -900, -170.0 - seed}, [](Options& o) { o.tau = 0.02; });
  }
  const std::string html = page();
  EXPECT_EQ(testing::not_well_formed(html), "");
  EXPECT_THAT(html,
              AllOf(HasSubstr("Score at step 2,000"), HasSubstr("<strong>\u2212152.0</strong>"),
                    HasSubstr("<strong>100 %</strong>"), HasSubstr("<code>tau</code>"),
                    HasSubstr("preset: <code>0.005</code>"), HasSubstr("default, tau=0.02"), HasSubstr("a processor")));
  EXPECT_EQ(count(html, "class=\"state interrupted\""), 10u);
  EXPECT_THAT(html, Not(HasSubstr("means little")));
}

TEST_F(PageTest, AsksForNothingFromOutside) {
  runs.add("a", 0, {-1'000, -150});
  const std::string html = page();
  for (const char* way : {" src=", "<link", "url(", "@import", "fetch(", "XMLHttpRequest", "<iframe"})
    EXPECT_THAT(html, Not(HasSubstr(way)));
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
}

TEST_F(PageTest, SaysHowLittleFewSeedsMean) {
  runs.add("a", 0, {-1'000, -150});
  EXPECT_THAT(page(), HasSubstr("One seed: the curve stands alone"));
  runs.add("b", 1, {-1'000, -100});
  EXPECT_THAT(page(), HasSubstr("2 seeds: the band is drawn, but means little"));
  runs.add("c", 2, {-1'000, -120}), runs.add("d", 3, {-1'000, -140});
  EXPECT_THAT(page(), HasSubstr("4 seeds: the band is drawn, but means little"));
}

TEST_F(PageTest, IsTheSameToTheByte) {
  for (int seed = 0; seed < 4; seed++) runs.add("a" + std::to_string(seed), seed, {-1'000, -150.0 - seed});
  EXPECT_EQ(page(), page());
}

// Whatever anybody wrote into a run: it is shown, and never becomes a part of the page.
TEST_F(PageTest, ShowsHostileTextsAsTexts) {
  const std::string hostile = "<script>alert(1)</script>\"'&]]>\x01\xff\xe2\x80\xae";
  const auto set = [&](Options& options) {
    options.env["</script>"] = hostile.substr(0, hostile.find('\x01'));
    options.environment = "<b>\"Task\" & more]]>";
  };
  runs.add("<script>alert(2)<", 0, {-1'000, -150}, set);
  runs.add("x\x02\xfe&amp;'\"", 1, {-1'000, -140}, set);
  runs.write("<script>alert(2)</machine.json",
             R"({"version": "</table><img onerror='x'>", "processor": "]]><script>"})");
  runs.write("metrics/config.toml", "environment = \"Pendulum-v1\"\n");
  runs.write("metrics/progress.csv",
             "step,evaluation_mean_return,evaluation_metric_<img src=x>&\n0,-1,1\n10,-2,2\n20,-2,3\n");
  runs.write("<script>alert(2)</status.json", R"({"state": "failed", "message": "<style>*{display:none}</style>"})");
  const std::string html = page();
  EXPECT_EQ(testing::not_well_formed(html), "");
  for (const char* part : {"<script>alert", "<img", "<b>", "<style>*{d", "]]><script"})
    EXPECT_THAT(html, Not(HasSubstr(part)));
  EXPECT_THAT(html, AllOf(HasSubstr("&lt;script&gt;alert(2)&lt;"),
                          HasSubstr("<code>evaluation_metric_&lt;img src=x&gt;&amp;</code>")));
  EXPECT_EQ(html.find('\x01'), std::string::npos);
  EXPECT_EQ(html.find('\xff'), std::string::npos);
  EXPECT_EQ(html.find("\u202e"), std::string::npos) << "would turn the text around";
}

TEST_F(PageTest, HoldsForNumbersOfAllKinds) {
  runs.add("none", 0, {});
  runs.write("none/progress.csv", "step\n0\n");
  EXPECT_EQ(testing::not_well_formed(page()), "");
  runs.add("nan", 1, {NAN, INFINITY, -1e308, 1e308, 5e-324, -0.0});
  runs.write("older/config.toml", "environment = \"Pendulum-v1\"\n");
  runs.write("older/progress.csv", "step,evaluation_mean_return,critic_loss\n0,-1,0\n10,-2,-5\n10,-3,1e300\n");
  const std::string html = page();
  EXPECT_EQ(testing::not_well_formed(html), "");
  EXPECT_FALSE(std::regex_search(html, std::regex("points=\"[^\"]*(nan|inf)")));
}

TEST_F(PageTest, ReadingsAreJson) {
  runs.add("a", 0, {-1'000, NAN, -150}, [](Options& o) { o.env["g"] = std::string("</script><b>"); });
  runs.add("b", 0, {-1'000, NAN, -150});  // so that the name of the first names its setting
  const std::string html = page(), begin = "<script type=\"application/json\">";
  int found = 0;
  for (std::size_t at = html.find(begin); at != std::string::npos; at = html.find(begin, at + 1), found++) {
    const std::size_t from = at + begin.size();
    const auto json = nlohmann::json::parse(html.substr(from, html.find("</script>", from) - from), nullptr, false);
    EXPECT_TRUE(json.is_array());
  }
  EXPECT_GE(found, 3);
}

TEST(Html, EscapesTextsAndScripts) {
  EXPECT_EQ(escaped("a<b>&\"'"), "a&lt;b&gt;&amp;&quot;&#39;");
  EXPECT_EQ(escaped("\u03bc \xf0\x9f\x98\x80"), "\u03bc \xf0\x9f\x98\x80");
  EXPECT_EQ(escaped("\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80"), escaped(std::string(9, '\xff')))
      << "each byte is replaced";
  EXPECT_EQ(escaped("\xe2\x82"), "\uFFFD\uFFFD");
  EXPECT_EQ(nlohmann::json::parse(script_text("</script>\n\"\\ \u03bc")).get<std::string>(), "</script>\n\"\\ \u03bc");
  EXPECT_THAT(script_text("</script>"), Not(HasSubstr("<")));
  EXPECT_EQ(script_numbers({1, NAN, -0.5, INFINITY}), "[1,null,-0.5,null]");
}

TEST(Polyline, KeepsWhatCanBeSeen) {
  std::vector<Point> line;
  for (int i = 0; i <= 100; i++) line.push_back({static_cast<double>(i), i == 50 ? 10.0 : 0.001 * (i % 2)});
  const std::vector<Point> simple = simplified(line, 0.5);
  ASSERT_EQ(simple.size(), 5u);
  EXPECT_EQ(simple[2].y, 10);
  EXPECT_EQ(simplified({{0, 0}, {0, 0}, {0, 0}}, 0.5).size(), 2u);
  EXPECT_EQ(simplified({}, 0.5).size(), 0u);
}

TEST(WellFormed, SeesWhatIsNot) {
  EXPECT_EQ(testing::not_well_formed("<a b=\"&lt;\"><c/></a>"), "");
  for (const char* wrong : {"<a>", "<a></b>", "</a>", "a & b", "a < b", "<a b=c></a>", "<a b=\"<\"></a>"})
    EXPECT_NE(testing::not_well_formed(wrong), "") << wrong;
}

}  // namespace
}  // namespace ddpg
