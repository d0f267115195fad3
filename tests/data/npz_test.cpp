// Data sets of NumPy: those that it wrote (tests/golden/make_data_golden.py), and archives that are wrong in one thing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "data/data_samples.h"
#include "data/inflate.h"
#include "data/npy.h"
#include "data/zip_samples.h"
#include "places.h"

namespace ddpg {
namespace {

using testing::data_error;
using testing::DataFolder;
using ::testing::HasSubstr;
using testing::npy_of;
using testing::npy_with;
using testing::read_data;
using testing::ReadData;
using testing::SampleMember;
using testing::zip_of;

std::string golden(const std::string& name) {
  return tests_folder() + std::string("/golden/data_") + name + ".npz";
}

// Row i as make_data_golden.py says, with `next` as what followed.
void expect_row(const Transition& found, int i, double next) {
  EXPECT_EQ(found.observation, (std::vector<double>{double(i), i + 0.25})) << i;
  EXPECT_EQ(found.action, (std::vector<float>{float(i % 2), 0.5f})) << i;
  EXPECT_EQ(found.reward, i / 2.0) << i;
  EXPECT_EQ(found.next_observation, (std::vector<double>{next, next + 0.25})) << i;
  EXPECT_EQ(found.terminated, i == 4) << i;
  EXPECT_EQ(found.truncated, i == 8) << i;
}

// Where ddpg was built without zlib a compressed one is refused with what to do.
bool reads_compressed(const std::string& file) {
  const std::string error = data_error(file);
  EXPECT_THAT(error, HasSubstr(can_inflate() ? "" : "zlib1g-dev"));
  return can_inflate();
}

TEST(Npz, AsD4rlHasIt) {
  if (!reads_compressed(golden("d4rl"))) return;
  const ReadData read = read_data(golden("d4rl"));
  ASSERT_EQ(read.transitions.size(), 12u);
  for (int i = 0; i < 12; i++) expect_row(read.transitions[static_cast<std::size_t>(i)], i, i + 1);
}

TEST(Npz, LongerThanWhatIsReadAtOnce) {
  if (!reads_compressed(golden("long"))) return;
  const ReadData read = read_data(golden("long"));
  ASSERT_EQ(read.transitions.size(), 20'000u);
  for (std::size_t i = 0; i < 20'000; i++) {
    const Transition& found = read.transitions[i];
    ASSERT_EQ(found.observation[1], static_cast<double>(i % 5) + 0.25) << i;
    ASSERT_EQ(found.next_observation[0], static_cast<double>(std::min<std::size_t>(i % 5 + 1, 4))) << i;
    ASSERT_EQ(found.terminated, i % 5 == 4) << i;
  }
}

TEST(Npz, OtherTypesAndWhatFollowedFromTheNextRow) {
  const ReadData read = read_data(golden("types"));
  ASSERT_EQ(read.transitions.size(), 10u);
  EXPECT_EQ(read.summary.left_out, 2);  // that was cut, and the last
  const int rows[] = {0, 1, 2, 3, 4, 5, 6, 7, 9, 10};
  for (std::size_t i = 0; i < 10; i++) {
    Transition found = read.transitions[i];
    found.reward /= 2;
    expect_row(found, rows[i], rows[i] == 4 ? 4 : rows[i] + 1);
  }
}

TEST(Npz, AnEpisodeWithItsLastObservation) {
  const ReadData read = read_data(golden("minari"));
  ASSERT_EQ(read.transitions.size(), 5u);
  for (int i = 0; i < 5; i++) expect_row(read.transitions[static_cast<std::size_t>(i)], i, i + 1);
}

using Members = std::map<std::string, SampleMember>;

Members right_members(int version = 1) {
  Members members;
  const auto add = [&](const std::string& name, const std::string& bytes) { members[name] = {name + ".npy", bytes}; };
  add("observations", npy_of("(3, 2)", {0, 1, 2, 3, 4, 5}, version));
  add("actions", npy_of("(3, 2)", {0, 1, 0, 1, 0, 1}, version));
  add("rewards", npy_of("(3,)", {1, 2, 3}, version));
  add("terminals", npy_of("(3, 1)", {0, 0, 1}, version));
  add("timeouts", npy_of("(3,)", {0, 0, 0}, version));
  return members;
}

std::string archive(const Members& members, bool zip64 = false) {
  std::vector<SampleMember> list;
  for (const auto& [name, member] : members) list.push_back(member);
  return zip_of(list, zip64);
}

TEST(Npz, EachVersionAndZip64) {
  const DataFolder folder;
  for (const int version : {1, 2, 3})
    EXPECT_EQ(read_data(folder.write("a.npz", archive(right_members(version)))).transitions.size(), 3u) << version;
  Members members = right_members();
  members["rewards"].zip64 = members["actions"].zip64 = true;
  EXPECT_EQ(read_data(folder.write("a.npz", archive(members))).transitions.size(), 3u);
  EXPECT_EQ(read_data(folder.write("a.npz", archive(members, true))).transitions.size(), 3u);
}

TEST(Npz, WhatIsWrongIsToldByItsPlace) {
  const DataFolder folder;
  const auto header = [](const std::string& dictionary, std::size_t bytes = 24) {
    return [=](Members& m) { m["rewards"].bytes = npy_with(dictionary, std::string(bytes, '\0')); };
  };
  const auto bytes = [](const std::string& name, const std::string& given) {
    return [=](Members& m) { m[name].bytes = given; };
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const struct {
    const char* name;
    std::function<void(Members&)> change;
    std::vector<const char*> says;
  } cases[] = {
      {"nothing", [](Members&) {}, {}},
      {"no actions", [](Members& m) { m.erase("actions"); }, {"expected an array actions", "\"observations.npy\""}},
      {"no ends", [](Members& m) { m.erase("terminals"); }, {"terminated (or terminals"}},
      {"no cuts", [](Members& m) { m.erase("timeouts"); }, {"next_observations, timeouts or episodes"}},
      {"dones", [](Members& m) { m["timeouts"].name = "dones.npy"; }, {"dones does not say how"}},
      {"misspelt", [](Members& m) { m["timeouts"].name = "trucated.npy"; }, {"Did you mean truncated?"}},
      {"twice", [](Members& m) { m["obs"] = m["observations"], m["obs"].name = "obs.npy"; }, {"one array"}},
      {"another width", bytes("observations", npy_of("(3, 1)", {1, 2, 3})), {"expected 2 numbers in a row", "a task"}},
      {"fewer rows", bytes("rewards", npy_of("(2,)", {1, 2})), {"rewards", "expected 3 rows", "found 2"}},
      {"nan", bytes("observations", npy_of("(3, 2)", {0, 1, 2, nan, 4, 5})), {"observations", "[1, 1]", "nan"}},
      {"beyond 32 bits", bytes("rewards", npy_of("(3,)", {0, 1, 1e39})), {"rewards", "[2]", "1e+39"}},
      {"a flag of 2", bytes("terminals", npy_of("(3,)", {0, 2, 0})), {"terminals", "[1]", "0 or 1", "found 2"}},
      {"three dimensions", bytes("rewards", npy_of("(3, 1, 1)", {0, 1, 2})), {"one or two dimensions", "3, 1, 1"}},
      {"none", bytes("rewards", npy_of("()", {0})), {"one or two dimensions"}},
      {"no array", bytes("rewards", "a text, and no array"), {"rewards", "expected an array of NumPy"}},
      {"cut off", bytes("rewards", "\x93NUMPY"), {"rewards", "fewer bytes than its header"}},
      {"version 9", bytes("rewards", npy_of("(3,)", {0, 1, 2}, 9)), {"version 1, 2 or 3", "found 9"}},
      {"an endless header", bytes("rewards", std::string("\x93NUMPY\x01\0\xff\xff", 10)), {"header of at most"}},
      {"objects", header("{'descr': '|O', 'fortran_order': False, 'shape': (3,)}"), {"|O", "a.astype('<f4')"}},
      {"big-endian", header("{'descr': '>f8', 'fortran_order': False, 'shape': (3,)}"), {">f8", "astype"}},
      {"fields", header("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (3,)}"), {"expected numbers"}},
      {"no shape", header("{'descr': '<f8', 'fortran_order': False}"), {"expected descr, fortran_order and shape"}},
      {"a text as shape", header("{'descr': '<f8', 'fortran_order': False, 'shape': (x,)}"), {"whole numbers"}},
      {"a huge shape",
       header("{'descr': '<f8', 'fortran_order': False, 'shape': (2305843009213693952, 8)}"),
       {"24 in"}},
      {"another shape", header("{'descr': '<f8', 'fortran_order': False, 'shape': (4,)}"), {"shape (4)", "24 in all"}},
      {"an open text", header("{'descr': '<f8"), {"a text has no end"}},
      {"columns",
       [](Members& m) {
         m["actions"].bytes =
             npy_with("{'descr': '<f8', 'fortran_order': True, 'shape': (3, 2)}", std::string(48, '\0'));
       },
       {"actions", "ascontiguousarray"}},
      {"damaged", [](Members& m) { m["rewards"].off = 1; }, {"rewards", "damaged", "checksum"}},
      {"encrypted", [](Members& m) { m["rewards"].flags = 1; }, {"rewards", "not encrypted"}},
      {"another method", [](Members& m) { m["rewards"].method = 12; }, {"rewards", "stored or deflated"}},
      {"no such stream", [](Members& m) { m["rewards"].method = 8, m["rewards"].bytes[0] = '\x07'; }, {"rewards"}},
      {"longer than the file", [](Members& m) { m["rewards"].more_bytes = 1 << 20; }, {"rewards", "cut off"}},
  };
  for (const auto& wrong : cases) {
    Members members = right_members();
    wrong.change(members);
    const std::string error = data_error(folder.write("a.npz", archive(members)));
    EXPECT_EQ(error.empty(), wrong.says.empty()) << wrong.name << error;
    for (const char* part : wrong.says) EXPECT_THAT(error, HasSubstr(part)) << wrong.name;
    if (wrong.says.empty()) continue;
    EXPECT_THAT(error, HasSubstr("a.npz")) << wrong.name;
  }
}

TEST(Npz, AnArchiveThatIsNoneOrWasCutOff) {
  const DataFolder folder;
  const std::string whole = archive(right_members(), true);
  EXPECT_THAT(data_error(folder.write("a.npz", "")), HasSubstr("zip archive"));
  EXPECT_THAT(data_error(folder.write("a.npz", std::string(100'000, 'x'))), HasSubstr("zip archive"));
  for (std::size_t size = 0; size < whole.size(); size += 7)
    EXPECT_NE(data_error(folder.write("a.npz", whole.substr(0, size))), "") << size;
  EXPECT_NE(data_error(folder.write("a.npz", whole.substr(40))), "");
}

TEST(Npy, AHeaderInAnyOrderAndSpacing) {
  const NpyHeader header = parse_npy_header("{ 'shape':(7,2) ,'fortran_order' : True,'descr':'<i2' }      \n");
  EXPECT_EQ(header.kind, 'i');
  EXPECT_EQ(header.bytes, 2);
  EXPECT_TRUE(header.fortran);
  EXPECT_EQ(header.shape, (std::vector<std::uint64_t>{7, 2}));
}

}  // namespace
}  // namespace ddpg
