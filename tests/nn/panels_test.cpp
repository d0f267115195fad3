// Where the elements of panel matrices lie, and what their memory promises.
#include "nn/panels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>
#include <utility>

#include "ddpg/error.h"

namespace ddpg {
namespace {

bool on_a_line(const float* p) {
  return reinterpret_cast<std::uintptr_t>(p) % 64 == 0;
}

bool all_zero(const AlignedFloats& floats) {
  return std::all_of(floats.begin(), floats.end(), [](float x) { return x == 0; });
}

TEST(AlignedFloats, AreZeroAndOnACacheLine) {
  for (const std::size_t size : {1, 15, 16, 17, 1000}) {
    for (int again = 0; again < 3; again++) {  // memory that was in use a moment ago too
      AlignedFloats floats(size);
      ASSERT_EQ(floats.size(), size);
      ASSERT_TRUE(on_a_line(floats.data()));
      ASSERT_TRUE(all_zero(floats));
      std::fill(floats.begin(), floats.end(), 1.0f);
    }
  }
  EXPECT_EQ(AlignedFloats().size(), 0u);
  EXPECT_EQ(AlignedFloats(0).data(), nullptr);
}

TEST(AlignedFloats, CopiesAreIndependent) {
  AlignedFloats a(20);
  a[3] = 5;
  AlignedFloats b(a), c;
  c = a;
  a[3] = 6;
  EXPECT_EQ(b[3], 5);
  EXPECT_EQ(c[3], 5);
  EXPECT_EQ(c.size(), 20u);
}

TEST(AlignedFloats, KeepTheirMemoryWhenAssignedTheSameSize) {
  AlignedFloats a(20), b(20);
  b[7] = 2;
  const float* before = a.data();
  a = b;
  EXPECT_EQ(a.data(), before);
  EXPECT_EQ(a[7], 2);
  const AlignedFloats& same = a;
  a = same;
  EXPECT_EQ(a[7], 2);
}

TEST(AlignedFloats, AreEmptyOnceMovedFrom) {
  AlignedFloats a(20);
  a[0] = 1;
  AlignedFloats b(std::move(a));
  EXPECT_EQ(a.size(), 0u);
  EXPECT_EQ(a.begin(), a.end());
  a = b;  // and can be assigned to again
  EXPECT_EQ(a[0], 1);
  AlignedFloats c(3);
  c = std::move(a);
  EXPECT_EQ(c.size(), 20u);
  EXPECT_EQ(a.size(), 0u);
}

TEST(AlignedFloats, SayHowMuchMemoryWasWanted) {
  for (const std::size_t size : {std::size_t{1} << 61, std::size_t{1} << 62, std::numeric_limits<std::size_t>::max()}) {
    try {
      AlignedFloats floats(size);
      FAIL() << "memory without end";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), ::testing::HasSubstr("[memory] could not take ")) << size;
      EXPECT_THAT(error.what(), ::testing::HasSubstr(std::to_string(size) + " numbers"));
    }
  }
}

TEST(PanelMatrix, GivesEachElementItsOwnPlaceInsideItsMemory) {
  for (const auto& [rows, width] : {std::pair{1, 1}, {5, 16}, {100, 17}, {64, 23}, {3, 64}}) {
    PanelMatrix matrix(rows, width);
    const Panels view = matrix.view();
    std::set<const float*> places;
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < width; c++) places.insert(&view.at(r, c));
    }
    EXPECT_EQ(places.size(), static_cast<std::size_t>(rows * width));
    EXPECT_GE(*places.begin(), view.data);
    EXPECT_LT(*places.rbegin(), view.data + view.panels() * view.stride);
  }
}

// 48 rows of four neighbouring panels: no two lines a multiple of 64 KiB apart.
TEST(PanelMatrix, KeepsPanelsApartInTheCaches) {
  for (const int rows : {64, 100, 128, 256, 300, 512, 1000, 1024, 2048, 32'768}) {
    const std::ptrdiff_t lines = PanelMatrix(rows, 64).view().stride / kPanel;
    EXPECT_GE(lines, rows);
    EXPECT_LE(lines, rows + 96) << "the spread costs memory";
    for (int panels = 1; panels < 4; panels++) {
      const std::ptrdiff_t beyond = panels * lines % 1024;
      EXPECT_GE(std::min(beyond, 1024 - beyond), 48) << rows << " rows, " << panels << " panels on";
    }
  }
}

TEST(PanelMatrix, LiesPanelByPanel) {
  PanelMatrix matrix(10, 40);
  const Panels view = matrix.view();
  EXPECT_EQ(view.panels(), 3);
  EXPECT_EQ(&view.at(0, 15), view.data + 15);
  EXPECT_EQ(&view.at(1, 0), view.data + 16);
  EXPECT_EQ(&view.at(2, 33), view.data + 2 * view.stride + 2 * 16 + 1);
  EXPECT_EQ(view.row(1, 4), &view.at(4, 16));
  for (int panel = 0; panel < 3; panel++) EXPECT_TRUE(on_a_line(view.row(panel, 7)));
}

TEST(PanelMatrix, KeepsItsPanelsAnOddNumberOfBlocksOfEightRowsApart) {
  for (int rows = 1; rows < 300; rows++) {
    const std::ptrdiff_t padded_rows = PanelMatrix(rows, 20).view().stride / kPanel;
    ASSERT_GE(padded_rows, rows);
    ASSERT_LT(padded_rows, rows + (padded_rows <= 48 ? 16 : 97)) << "what fits the first level needs no spread";
    ASSERT_EQ(padded_rows % 16, 8);
  }
}

TEST(PanelMatrix, ShowsItsFirstRowsAndBlocksOfThem) {
  PanelMatrix matrix(20, 30);
  matrix.view().at(12, 18) = 3;
  const ConstPanels first = std::as_const(matrix).view(15);
  EXPECT_EQ(first.rows, 15);
  EXPECT_EQ(first.at(12, 18), 3);
  const ConstPanels block = first.block(10, 14);
  EXPECT_EQ(block.rows, 4);
  EXPECT_EQ(block.at(2, 18), 3);
}

}  // namespace
}  // namespace ddpg
