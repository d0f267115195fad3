// Exported C headers, compiled by the system's compiler, against the trained policies.
#include "export/c_header.h"

#include <algorithm>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ddpg/error.h"
#include "export/c_text.h"
#include "export/compiled.h"
#include "export/exported_policy.h"

namespace ddpg::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::ThrowsMessage;

constexpr const char* kStrict =
    "-std=c99 -O2 -pedantic -Wall -Wextra -Wconversion -Wsign-conversion -Wdouble-promotion -Wshadow -ffreestanding "
    "-Werror";

class CHeaderOf : public ::testing::TestWithParam<SampleForm> {
 protected:
  const ExportSample sample = export_sample(GetParam());
  CFolder folder;
};

TEST_P(CHeaderOf, CompilesWithoutAWarningAndActsAsTheTrainedPolicy) {
  folder.export_sample(sample);
  folder.write("one.c", fmt::format("#include \"{0}.h\"\nvoid act(const float *o, float *a);\n"
                                    "void act(const float *o, float *a) {{ {0}_act(o, a); }}\n",
                                    sample.name));
  EXPECT_EQ(folder.run(fmt::format("cc {} -c one.c && nm -u one.o | grep -vE 'mem(set|cpy)|GLOBAL_OFFSET|^$' || true",
                                   kStrict)),
            "");
  const ExportedPolicy exported = open_exported(folder / (sample.name + ".h"), Policy(sample.content), {});
  const ActionDifference found = difference(exported.actor, sample.content, sample_pairs(sample.content, 10'000));
  EXPECT_EQ(found.observations, 10'000);
  EXPECT_LE(found.largest_share, 1e-6);
  EXPECT_EQ(found.largest, 0);  // on processors with doubles or fused multiply-add, such as those that tests run on
}

INSTANTIATE_TEST_SUITE_P(Samples, CHeaderOf, ::testing::ValuesIn(sample_forms()),
                         [](const auto& sample) { return sample.param.name; });

class CHeaderFile : public ::testing::Test {
 protected:
  CFolder folder;
};

// With statistics and without: the same observation as floats and as doubles.
TEST_F(CHeaderFile, ActsOnFloatsAsOnDoubles) {
  for (const std::string name : {"normaliser", "pendulum"}) {
    folder.export_sample(find_sample(name));
    folder.write("main.c", fmt::format(R"(#include <stdio.h>
#include "{0}.h"
int main(void) {{
  float o[{1}_OBSERVATIONS], a[{1}_ACTIONS], b[{1}_ACTIONS];
  double d[{1}_OBSERVATIONS];
  int row, i, same = 0;
  for (row = 0; row < 100; row++) {{
    for (i = 0; i < {1}_OBSERVATIONS; i++) d[i] = (double)(o[i] = (float)((row * 37 + i * 11) % 50) * 0.07f - 1.7f);
    {0}_act(o, a), {0}_act_double(d, b);
    for (i = 0; i < {1}_ACTIONS; i++) same += a[i] == b[i];
  }}
  printf("%d", same == 100 * {1}_ACTIONS);
  return 0;
}})",
                                       name, name == "pendulum" ? "PENDULUM" : "NORMALISER"));
    EXPECT_EQ(folder.run(fmt::format("cc {} main.c -o main && ./main", kStrict)), "1") << name;
  }
}

// At 10^8 floats have steps of 8, and these observations vary by 2.
TEST_F(CHeaderFile, ActsOnDoublesThatFloatsCannotTell) {
  ExportSample sample = find_sample("normaliser");
  for (double& mean : sample.content.mean) mean += 1e8;
  sample.content.observation_names.assign(17, "angle");
  const Exported exported = folder.export_sample(sample);
  EXPECT_THAT(exported.warning,
              AllOf(HasSubstr("(angle) lies at 1e+08"), HasSubstr("steps of 8"), HasSubstr("normaliser_act_double")));
  EXPECT_THAT(folder.text("normaliser.h"), HasSubstr("This one is to be used:"));
  EXPECT_EQ(folder.export_sample(find_sample("normaliser")).warning, "");
  EXPECT_THAT(folder.text("normaliser.h"), Not(HasSubstr("This one is to be used:")));

  folder.export_sample(sample);
  Policy policy(sample.content);
  const ExportedPolicy opened = open_exported(folder / "normaliser.h", policy, {});
  EXPECT_FALSE(opened.takes_floats);
  RandomStream random(1, "far");
  std::vector<double> observation(17);
  std::vector<float> expected(6), found(6), first;
  for (int row = 0; row < 200; row++) {
    for (int i = 0; i < 17; i++) observation[static_cast<std::size_t>(i)] = sample_observation(random, i, 2, 1e8);
    policy.act(observation, expected);
    opened.actor(observation, found);
    ASSERT_EQ(found, expected) << row;
    if (row == 0) first = found;
  }
  EXPECT_NE(found, first);
}

TEST_F(CHeaderFile, OfAnOlderVersionIsToBeExportedAgain) {
  folder.export_sample(find_sample("linear"));
  const std::string text = folder.text("linear.h");
  const std::size_t mark = text.find("c99 2 ");
  ASSERT_NE(mark, std::string::npos);
  EXPECT_THAT([&] { read_c_header_mark(std::string(text).replace(mark, 6, "c99 1 "), "linear.h"); },
              ThrowsMessage<Error>(AllOf(HasSubstr("[linear.h]"), HasSubstr("export it again"))));
}

TEST_F(CHeaderFile, CheckFunctionFindsAChangedWeight) {
  const ExportSample sample = find_sample("one_action");
  folder.export_sample(sample);
  folder.write("main.c",
               "#define ONE_ACTION_WITH_CHECK\n#include <stdio.h>\n#include \"one_action.h\"\n"
               "int main(void) { printf(\"%d %d\", one_action_check() <= ONE_ACTION_CHECK_LIMIT, ONE_ACTION_CHECKS); "
               "return 0; }\n");
  const std::string command = fmt::format("cc {} main.c -o main && ./main", kStrict);
  EXPECT_EQ(folder.run(command), "1 16");
  std::string text = folder.text("one_action.h");
  const std::size_t bias = text.find("one_action_bias2[1] = {");
  ASSERT_NE(bias, std::string::npos);
  folder.write("one_action.h", text.insert(text.find('\n', bias) + 1, " 0.01f +"));
  EXPECT_EQ(folder.run(command), "0 16");
}

// Against the C library's double precision, at every 997th float; with and without a multiply-add that rounds once.
TEST_F(CHeaderFile, TanhAndExpStayWithinTheirErrorBounds) {
  ExportSample sample = find_sample("batch_norm_tanh");
  folder.export_sample(sample);
  folder.write("main.c", R"(#include <math.h>
#include <stdio.h>
#include <string.h>
#include "batch_norm_tanh.h"
int main(void) {
  double tanh_error = 0, exp_error = 0;
  for (unsigned bits = 0; bits < 0x41F00000u; bits += 997) {  /* to 30 */
    float x;
    memcpy(&x, &bits, sizeof x);
    tanh_error = fmax(tanh_error, fabs(batch_norm_tanh_tanh(x) - tanh(x)));
    tanh_error = fmax(tanh_error, fabs(batch_norm_tanh_tanh(-x) - tanh(-(double)x)));
    exp_error = fmax(exp_error, fabs(batch_norm_tanh_exp_minus_one(-x) - expm1(-(double)x)));
  }
  printf("%d %d", tanh_error < 1e-7, exp_error < 1e-7);
  if (tanh_error >= 1e-7 || exp_error >= 1e-7) printf(" %g %g", tanh_error, exp_error);
  return 0;
})");
  EXPECT_EQ(folder.run("cc -std=c99 -O2 main.c -o main -lm && ./main"), "1 1");
  EXPECT_EQ(
      folder.run("cc -std=c99 -O2 '-DBATCH_NORM_TANH_MULTIPLY_ADD(a,b,c)=((a)*(b)+(c))' main.c -o main -lm && ./main"),
      "1 1");
}

TEST_F(CHeaderFile, Int8StatesWhatItCosts) {
  for (const std::string name : {"layer_norm", "simba"}) {
    SCOPED_TRACE(name);
    const ExportSample sample = find_sample(name);
    ExportOptions options;
    options.int8 = true;
    const Exported exported = folder.export_sample(sample, options, 500);
    const ExportedPolicy opened = open_exported(folder / (name + ".h"), Policy(sample.content), {});
    EXPECT_TRUE(opened.int8);
    const ActionDifference found = difference(opened.actor, sample.content, sample_pairs(sample.content, 500));
    EXPECT_NEAR(found.largest_share, exported.int8_difference.largest_share, 1e-5);
    EXPECT_NEAR(found.mean_share, exported.int8_difference.mean_share, 1e-6);
    EXPECT_GT(found.largest_share, 1e-4);
    EXPECT_LT(found.largest_share, 0.1);
    EXPECT_THAT(folder.text(name + ".h"), HasSubstr(fmt::format("{:.3g} of the action's range", found.largest_share)));
  }
}

TEST(Int8Weights, AreWithinHalfAStepAndZeroRowsStayZero) {
  const Tensor weight{"w", {3, 2}, {1.0f, -0.3f, 0.0f, 0.0f, -1e-3f, 2e-4f}};
  const Int8Weights int8 = quantise(weight);
  EXPECT_THAT(int8.values, ::testing::ElementsAre(127, -38, 0, 0, -127, 25));
  for (std::size_t i = 0; i < 6; i++)
    EXPECT_LE(std::fabs(int8.values[i] * int8.scales[i / 2] - weight.values[i]), 0.5001f * int8.scales[i / 2]);
}

TEST_F(CHeaderFile, WhatAPolicyFileSaysOfItselfEndsNoComment) {
  ExportSample sample = find_sample("linear");
  sample.content.provenance.environment = "*/\n#error \"x\" ?\?/\n\\\n\xFF";
  sample.content.provenance.version = "name=evil \\\nx\\";
  folder.export_sample(sample);
  folder.write("one.c", "#include \"linear.h\"\n");
  EXPECT_EQ(folder.run(fmt::format("cc {} -trigraphs -c one.c", kStrict)), "");
  EXPECT_EQ(read_c_header_mark(folder.text("linear.h"), "x").name, "linear");
}

// The multiply-add through doubles, for processors without one of their own, against the C library's: at random, and
// where the exact sum lies beside the middle of two floats by less than a double tells.
TEST_F(CHeaderFile, MultiplyAddRoundsOnce) {
  folder.export_sample(find_sample("linear"));
  folder.write("main.c", R"(#undef __FP_FAST_FMAF
#include "linear.h"
#include <math.h>
#include <stdio.h>
static unsigned state = 1;
static float next(void) { state = state * 1664525u + 1013904223u; return ldexpf(1.0f + (float)(state >> 9) / 8388608.0f, (int)(state >> 4) % 40 - 20); }
static int differs(float a, float b, float c) { return linear_multiply_add(a, b, c) != fmaf(a, b, c); }
int main(void) {
  const float least = ldexpf(1.0f, -23);
  int i, sign, side, wrong = 0;
  for (i = 0; i < 1000000; i++) wrong += differs(next(), -next(), next());
  for (i = 0; i < 100000; i++)
    for (sign = -1; sign <= 1; sign += 2)
      for (side = -1; side <= 1; side += 2) {
        const float c = next(), half = (nextafterf(c, INFINITY) - c) / 2;
        wrong += differs((float)sign * half * (1.0f + (float)side * least), 1.0f - (float)side * least, c);
      }
  wrong += differs(3e38f, 2.0f, -1e38f) + differs(3e38f, 1.0f, 1e38f) + differs(1e-30f, 1e-15f, 1e-44f) + differs(0.0f, 1.0f, -0.0f);
  printf("%d", wrong);
  return 0;
})");
  EXPECT_EQ(folder.run("cc -std=c99 -O2 main.c -o main -lm && ./main"), "0");
}

// Compilers need not take lines of more than 4,095 characters.
TEST_F(CHeaderFile, CommentHasNoLongLines) {
  ExportSample sample = find_sample("pendulum");
  sample.content.observation_names = {std::string(300, 'a'), std::string(90, 'b') + ", c", "d"};
  folder.export_sample(sample);
  std::istringstream lines(folder.text("pendulum.h"));
  std::size_t longest = 0, breaks = 0;
  for (std::string line; std::getline(lines, line);) {
    longest = std::max(longest, line.size());
    breaks += line.starts_with("//                 ");
  }
  EXPECT_LE(longest, 130u);
  EXPECT_GE(breaks, 3u);
}

TEST_F(CHeaderFile, CompilesAsCppAndRefusesFastMath) {
  folder.export_sample(find_sample("layer_norm_elu"));
  folder.write("one.cpp",
               "#define LAYER_NORM_ELU_WITH_CHECK\n#include \"layer_norm_elu.h\"\nfloat f() { return "
               "layer_norm_elu_check(); }\n");
  EXPECT_EQ(folder.run("c++ -std=c++11 -O2 -pedantic -Wall -Wextra -Wconversion -Werror -c one.cpp"), "");
  EXPECT_THAT(folder.run("c++ -std=c++11 -ffast-math -c one.cpp"), HasSubstr("-ffast-math would change"));
}

TEST(CText, NumbersReadBackToTheSameBits) {
  RandomStream random(1, "numbers");
  for (int i = 0; i < 10'000; i++) {
    const float value = static_cast<float>(std::pow(10.0, random.uniform(-44, 38)) * random.uniform(-1, 1));
    EXPECT_EQ(std::strtof(c_number(value).c_str(), nullptr), value);
    const double wide = std::pow(10.0, random.uniform(-300, 300)) * random.uniform(-1, 1);
    EXPECT_EQ(std::strtod(c_number(wide).c_str(), nullptr), wide);
  }
  EXPECT_EQ(c_number(1.0f), "1.0f");
  EXPECT_EQ(c_number(1e20f), "1e+20f");
  EXPECT_EQ(c_number(-0.0f), "-0.0f");
  EXPECT_EQ(c_number(2.0), "2.0");
}

TEST(CName, IsMadeOfAnyFileName) {
  EXPECT_EQ(c_name("policy"), "policy");
  EXPECT_EQ(c_name("my-policy v2"), "my_policy_v2");
  EXPECT_EQ(c_name("2nd"), "policy_2nd");
  EXPECT_EQ(c_name("__x"), "x");
  EXPECT_EQ(c_name("--"), "policy");
  EXPECT_EQ(c_name("\xC3\xA9"), "policy");
}

TEST_F(CHeaderFile, RefusesWhatCannotBe) {
  const ExportSample sample = find_sample("linear");
  const Policy policy(sample.content);
  ExportOptions options;
  EXPECT_THAT([&] { export_policy(policy, folder / "a.h", options); },
              ThrowsMessage<UsageError>(HasSubstr("record_pairs")));
  options.pairs = sample_pairs(sample.content, 3);
  options.name = "2nd";
  EXPECT_THAT([&] { export_policy(policy, folder / "a.h", options); },
              ThrowsMessage<UsageError>(HasSubstr("policy_2nd")));
  EXPECT_THAT([&] { export_policy(policy, folder / "a.onnx", options); }, ThrowsMessage<UsageError>(HasSubstr(".h")));
  EXPECT_THAT([&] { export_policy(policy, folder / "a.pt"); },
              ThrowsMessage<UsageError>(HasSubstr(".h (a C99 header), .onnx, .safetensors or .ddpg")));
  EXPECT_THAT([&] { read_c_header_mark("#pragma once\n", "x.h"); },
              ThrowsMessage<Error>(HasSubstr("[x.h] expected a C header")));
  EXPECT_FALSE(std::filesystem::exists(folder / "a.h"));
}

}  // namespace
}  // namespace ddpg::testing
