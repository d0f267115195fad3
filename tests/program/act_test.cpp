// ddpg act as another program uses it: it asks a line, waits, and gets a line.
#include <ddpg_policy.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "places.h"
#include "policy/content.h"
#include "policy/policy_samples.h"
#include "program/program.h"

namespace ddpg {
namespace {

using testing::Finished;
using ::testing::HasSubstr;
using testing::Workplace;

// The program at the other end of a line.
class Conversation {
 public:
  explicit Conversation(const std::string& policy, bool non_blocking = false) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return;
    if (non_blocking) ::fcntl(ends[1], F_SETFL, O_NONBLOCK);
    const std::string program = program_file();  // before the fork: it allocates
    process_ = ::fork();
    if (process_ == 0) {
      ::dup2(ends[1], STDIN_FILENO);
      ::dup2(ends[1], STDOUT_FILENO);
      ::close(ends[0]);
      ::close(ends[1]);
      const int quiet = ::dup2(STDIN_FILENO, STDERR_FILENO);  // messages come after the answers
      if (quiet >= 0) ::execl(program.c_str(), program.c_str(), "act", policy.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(ends[1]);
    socket_ = ends[0];
  }
  ~Conversation() {
    ::close(socket_);
    ::waitpid(process_, nullptr, 0);
  }
  Conversation(const Conversation&) = delete;

  void say(std::string_view text) {
    while (!text.empty()) {
      const ::ssize_t written = ::write(socket_, text.data(), text.size());
      ASSERT_GT(written, 0);
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  std::string hear() {  // a line, without its end
    std::string line;
    for (char c = 0; ::read(socket_, &c, 1) == 1 && c != '\n';) line += c;
    return line;
  }
  std::string ask(const std::string& line) {
    say(line + "\n");
    return hear();
  }
  int end() {
    ::shutdown(socket_, SHUT_WR);
    int status = 0;
    ::waitpid(std::exchange(process_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  int socket_ = -1;
  ::pid_t process_ = -1;
};

Policy::Content two_actions() {
  Policy::Content content = testing::golden_policy();
  content.check_observations.clear(), content.check_actions.clear();
  return content;
}

class ActTest : public ::testing::Test {
 protected:
  void SetUp() override { Policy(two_actions()).save(file_); }

  Workplace workplace_;
  const std::string file_ = workplace_ / "policy.ddpg";
};

TEST_F(ActTest, AnswersEachLineBeforeTheNextIsAsked) {
  Conversation conversation(file_);
  deploy::Policy policy;
  ASSERT_TRUE(policy.load(file_.c_str()));
  const std::vector<std::vector<float>> observations = {{0, 0, 0}, {1, -0.5f, 0.25f}, {1e-20f, 0.1f, 3}};
  for (const std::vector<float>& o : observations) {
    std::vector<float> action(2), found(2);
    ASSERT_EQ(policy.act(std::span<const float>(o), action), deploy::Code::ok);
    const std::string answer = conversation.ask(::testing::PrintToString(o[0]) + " " + ::testing::PrintToString(o[1]) +
                                                "\t" + ::testing::PrintToString(o[2]));
    ASSERT_EQ(std::sscanf(answer.c_str(), "%f %f", &found[0], &found[1]), 2) << answer;
    EXPECT_EQ(found, action) << answer;  // the digits read back to the same bits
  }
  EXPECT_EQ(conversation.end(), 0);
}

TEST_F(ActTest, AnswersInTheFormOfTheQuestion) {
  Conversation conversation(file_);
  const std::string words = conversation.ask("0.5 -1 2");
  ASSERT_THAT(words, HasSubstr(" "));
  const std::size_t blank = words.find(' ');
  const std::string first = words.substr(0, blank), second = words.substr(blank + 1);
  EXPECT_EQ(conversation.ask("0.5,-1,2"), first + "," + second);
  EXPECT_EQ(conversation.ask("  +0.5, -1e0 ,2.0\r"), first + "," + second);
  EXPECT_EQ(conversation.ask("[0.5, -1, 2]"), "[" + first + ", " + second + "]");
  EXPECT_EQ(conversation.end(), 0);
}

TEST_F(ActTest, AWrongLineGetsAnErrorInItsPlaceAndTheStreamGoesOn) {
  Conversation conversation(file_);
  EXPECT_EQ(conversation.ask("1 2"), "error: line 1: expected 3 numbers, found 2");
  EXPECT_EQ(conversation.ask(""), "error: line 2: expected 3 numbers, found 0");
  EXPECT_EQ(conversation.ask("1 2 3 4"), "error: line 3: expected 3 numbers, found 4");
  EXPECT_EQ(conversation.ask("1 two 3"), "error: line 4: number 2: expected a number, found \"two\"");
  EXPECT_THAT(conversation.ask("1 nan 3"), HasSubstr("error: line 5: number 2: expected a finite number"));
  EXPECT_THAT(conversation.ask("1 2 -inf"), HasSubstr("error: line 6: number 3: expected a finite number"));
  EXPECT_THAT(conversation.ask("1e39 2 3"),
              HasSubstr("error: line 7: number 1: expected a finite number (of 32 bits)"));
  EXPECT_EQ(conversation.ask("1,,3"), "error: line 8: number 2: expected a number, found \"\"");
  EXPECT_EQ(conversation.ask("[1, 2]"), R"({"error":"expected 3 numbers, found 2","line":9})");
  EXPECT_EQ(conversation.ask("[1, null, 3]"),
            R"({"error":"number 2: expected a number, found a JSON null","line":10})");
  EXPECT_EQ(conversation.ask(R"({"x": 1})"), R"({"error":"expected a JSON array, found a JSON object","line":11})");
  EXPECT_THAT(conversation.ask("[1, 2, \x1b\xFF"), HasSubstr(R"("line":12})"));
  EXPECT_THAT(conversation.ask("[1, 2, 1e39]"), HasSubstr("number 3: expected a finite number"));
  EXPECT_THAT(conversation.ask("1 \x1b[31m 3"), HasSubstr("found \"\\x1b[31m\""));
  EXPECT_THAT(conversation.ask("0 0 0"), ::testing::Not(HasSubstr("error")));
  EXPECT_EQ(conversation.end(), 1);
  EXPECT_EQ(conversation.hear(), "ddpg: 14 of 15 lines were wrong, the first of them line 1");
}

TEST_F(ActTest, NumbersAreReadAsPeopleWriteThem) {
  Conversation conversation(file_);
  const std::string zeros = conversation.ask("0 0 0");
  for (const char* line : {"1e-400 0 0", "-1e-99999 0 0", "+0 0. .0"}) EXPECT_EQ(conversation.ask(line), zeros) << line;
  EXPECT_EQ(conversation.ask("[1e-400, 0, 0]"),
            "[" + zeros.substr(0, zeros.find(' ')) + ", " + zeros.substr(zeros.find(' ') + 1) + "]");
  for (const char* word : {"+-1", "++1", "1__0", "1_0", "1e_3", "0x1", "1e"})
    EXPECT_THAT(conversation.ask(std::string(word) + " 0 0"), HasSubstr("number 1: expected a number, found")) << word;
  EXPECT_EQ(conversation.end(), 1);
}

TEST_F(ActTest, ALineThatIsFarTooLongIsRefusedAndPassedOver) {
  Conversation conversation(file_);
  const std::string zeros = conversation.ask("0 0 0");
  EXPECT_EQ(conversation.ask(std::string(300'000, '1')),
            "error: line 2: expected 3 numbers in at most 65728 bytes, found a longer line");
  EXPECT_THAT(conversation.ask("[" + std::string(300'000, '1')), HasSubstr(R"("line":3})"));
  EXPECT_EQ(conversation.ask("0 0" + std::string(60'000, ' ') + " 0"), zeros);
  conversation.say(std::string(300'000, '2'));  // no end
  EXPECT_EQ(conversation.end(), 1);
  EXPECT_THAT(conversation.hear(), HasSubstr("error: line 5: expected 3 numbers in at most"));
}

TEST_F(ActTest, WaitsWhereItsInputDoesNotBlock) {
  Conversation conversation(file_, true);
  const std::string zeros = conversation.ask("0 0 0");
  conversation.say("0 0");
  std::this_thread::sleep_for(std::chrono::milliseconds(20));  // long enough to be read in two pieces, mostly
  EXPECT_EQ(conversation.ask(" 0"), zeros);
  EXPECT_EQ(conversation.end(), 0);
}

TEST_F(ActTest, AnInputThatCannotBeReadIsNotItsEnd) {
  const int folder = ::open("/", O_RDONLY | O_DIRECTORY), former = ::dup(STDIN_FILENO);
  ASSERT_GE(::dup2(folder, STDIN_FILENO), 0);
  const Finished finished = workplace_.run({"act", file_, "--json"});
  ::dup2(former, STDIN_FILENO);
  ::close(folder), ::close(former);
  EXPECT_EQ(finished.code, 1);
  EXPECT_THAT(finished.err, HasSubstr("cannot read standard input: Is a directory"));
  EXPECT_EQ(finished.json().at("exit_code"), 1);
  const std::string closed = "'" + program_file() + "' act '" + file_ + "' <&- 2>" + (workplace_ / "err").string();
  EXPECT_EQ(WEXITSTATUS(std::system(closed.c_str())), 1);
  EXPECT_THAT(testing::text_of(workplace_ / "err"), HasSubstr("cannot read standard input: Bad file descriptor"));
}

TEST_F(ActTest, TheLastLineNeedsNoEnd) {
  Conversation conversation(file_);
  conversation.say("0 0 0");
  EXPECT_EQ(conversation.end(), 0);
  EXPECT_THAT(conversation.hear(), HasSubstr(" "));
  EXPECT_EQ(conversation.hear(), "");
}

TEST_F(ActTest, RefusesWhatItCannotTrust) {
  Policy::Content wrong = two_actions();
  wrong.check_observations = {0, 0, 0};
  wrong.check_actions = {0.5f, 0.5f};
  Policy(wrong).save(file_);
  EXPECT_THAT(Conversation(file_).hear(), HasSubstr("check pair 0, action["));
  testing::write_text(file_, testing::text_of(file_).substr(0, 400));
  EXPECT_THAT(Conversation(file_).hear(), HasSubstr("truncated: expected"));
  const Finished finished = workplace_.run({"act"});
  EXPECT_EQ(finished.code, 2);
  EXPECT_THAT(finished.err, HasSubstr("ddpg act runs/"));
}

TEST_F(ActTest, TakesARunFolder) {
  ASSERT_EQ(workplace_.train({"--run", "r"}).code, 0);
  Conversation conversation(workplace_ / "r");
  EXPECT_THAT(conversation.ask("1 0 0"), ::testing::Not(HasSubstr("error")));
  EXPECT_EQ(conversation.end(), 0);
  // what a run keeps of its environment
  const Policy policy = Policy::load((workplace_ / "r" / "policy.ddpg").string());
  const Specification specification = policy.specification();
  EXPECT_EQ(specification.name, "Pendulum-v1");
  EXPECT_EQ(specification.time_limit, 200);
  EXPECT_EQ(specification.control_period, 0.05);
  EXPECT_EQ(specification.observation_names.at(2), "angular velocity");
  EXPECT_EQ(specification.action_units.at(0), "N m");
  EXPECT_EQ(policy.content().checks(), 16u);
}

}  // namespace
}  // namespace ddpg
