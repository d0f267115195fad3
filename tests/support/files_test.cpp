// Files are whole or untouched, and errors name the path and the cause.
#include "support/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "ddpg/error.h"
#include "support/write_target.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class FilesTest : public testing::Test {
 protected:
  FilesTest() {
    std::string name = (fs::temp_directory_path() / "ddpg-files-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~FilesTest() override { fs::remove_all(folder_); }

  std::vector<std::string> entries() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_)) names.push_back(entry.path().filename().string());
    return names;
  }

  fs::path folder_;
};

template <class Action>
std::string error_of(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST_F(FilesTest, ReadsBackWhatWasWritten) {
  std::string bytes(300'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); i++) bytes[i] = static_cast<char>(i * 7);
  for (const std::string& content : {std::string(), std::string("line\n"), bytes}) {
    write_file_atomically(folder_ / "file", content);
    EXPECT_EQ(read_file(folder_ / "file"), content);
  }
  EXPECT_EQ(entries(), std::vector<std::string>{"file"});
}

TEST_F(FilesTest, WritesBesideItselfInTheWorkingFolder) {
  const fs::path before = fs::current_path();
  fs::current_path(folder_);
  write_file_atomically("bare", "x");
  fs::current_path(before);
  EXPECT_EQ(entries(), std::vector<std::string>{"bare"});
}

TEST_F(FilesTest, GivesNewFilesTheUsualPermissions) {
  const mode_t mask = umask(0022);
  write_file_atomically(folder_ / "file", "x");
  umask(mask);
  EXPECT_EQ(fs::status(folder_ / "file").permissions(), fs::perms(0644));
}

TEST_F(FilesTest, LeavesNothingBehindWhenTheFileCannotBeReplaced) {
  fs::create_directories(folder_ / "taken" / "inside");
  EXPECT_THAT(error_of([&] { write_file_atomically(folder_ / "taken", "x"); }),
              AllOf(HasSubstr("[files]"), HasSubstr((folder_ / "taken").string() + " is a folder")));
  EXPECT_EQ(entries(), std::vector<std::string>{"taken"});
}

// Whatever is written to a name that leads elsewhere goes there, and the link stays.
TEST_F(FilesTest, WritesWhereASymbolicLinkLeads) {
  fs::create_directories(folder_ / "far");
  const std::vector<std::array<const char*, 3>> links = {{"to_a_file", "far/file", "far/file"},
                                                         {"to_nothing_yet", "far/new", "far/new"},
                                                         {"to_a_link", "to_nothing_yet", "far/new"},
                                                         {"within", "other", "other"}};
  write_file_atomically(folder_ / "far" / "file", "former");
  for (const auto& [link, to, target] : links) {
    fs::create_symlink(to, folder_ / link);
    EXPECT_EQ(write_target(folder_ / link), folder_ / target);
    write_file_atomically(folder_ / link, link);
    EXPECT_EQ(read_file(folder_ / target), link);
    EXPECT_EQ(fs::read_symlink(folder_ / link), to);
  }
  fs::create_directory_symlink("far", folder_ / "linked_folder");
  write_file_atomically(folder_ / "linked_folder" / "file", "in it");
  EXPECT_EQ(read_file(folder_ / "far" / "file"), "in it");
  EXPECT_TRUE(fs::is_symlink(folder_ / "linked_folder"));
}

TEST_F(FilesTest, RefusesToReplaceWhatIsNoFile) {
  ASSERT_EQ(mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  fs::create_directory(folder_ / "folder");
  fs::create_symlink("/dev/null", folder_ / "link");
  fs::create_symlink("circle", folder_ / "circle");
  fs::create_directory(folder_ / "\x1b[31mred");
  const std::vector<std::pair<fs::path, const char*>> cases = {{"/dev/null", " is a device"},
                                                               {folder_ / "pipe", " is a pipe"},
                                                               {folder_ / "folder", " is a folder"},
                                                               {folder_ / "link", " is a device"},
                                                               {folder_ / "circle", " leads to itself"},
                                                               {"", "is empty"}};
  for (const auto& [path, why] : cases) {
    EXPECT_THROW(write_target(path), UsageError) << path;
    EXPECT_THAT(error_of([&] { write_file_atomically(path, "x"); }), AllOf(HasSubstr(path), HasSubstr(why)));
  }
  EXPECT_THAT(error_of([&] { write_target(folder_ / "\x1b[31mred"); }), Not(HasSubstr("\x1b")));
  EXPECT_TRUE(fs::is_fifo(folder_ / "pipe"));
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(entries().size(), 5u);
}

TEST_F(FilesTest, AFolderReplacesAFolderAlone) {
  write_file_atomically(folder_ / "file", "kept");
  EXPECT_THAT(error_of([&] { PendingFolder pending(folder_ / "file"); }), HasSubstr(" is a file"));
  fs::create_directory(folder_ / "former");
  fs::create_directory_symlink("former", folder_ / "link");
  {
    PendingFolder pending(folder_ / "link");
    write_file_atomically(pending.temporary() / "new", "x");
    pending.commit();
  }
  EXPECT_EQ(read_file(folder_ / "former" / "new"), "x");
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(read_file(folder_ / "file"), "kept");
}

TEST_F(FilesTest, KeepsTheFormerFileWhenWritingFails) {
  write_file_atomically(folder_ / "file", "former");
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{4096, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const std::string error = error_of([&] { write_file_atomically(folder_ / "file", std::string(10'000, 'x')); });
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_THAT(error, AllOf(HasSubstr("could not write " + (folder_ / "file").string()), HasSubstr("File too large")));
  EXPECT_EQ(read_file(folder_ / "file"), "former");
  EXPECT_EQ(entries(), std::vector<std::string>{"file"});
}

// Of a training that starts or ends, beside others that write into the same folder.
TEST_F(FilesTest, RemovesOnlyTheTemporariesThatNobodyWorksOn) {
  PendingFile file(folder_ / "file");
  {
    PendingFolder folder(folder_ / "folder");
    const fs::path left = folder_ / ".ddpg-1-0.tmp", left_folder = folder_ / ".ddpg-1-1.tmp";  // process 1 lives
    write_file_atomically(left, "half");
    fs::create_directories(left_folder / "inside");
    remove_temporaries(folder_);
    EXPECT_FALSE(fs::exists(left));
    EXPECT_FALSE(fs::exists(left_folder));
    EXPECT_TRUE(fs::exists(file.temporary()));
    EXPECT_TRUE(fs::exists(folder.temporary()));
    folder.commit();
  }
  file.commit();
  EXPECT_EQ(entries().size(), 2u);
}

TEST_F(FilesTest, NamesAMissingFolder) {
  EXPECT_THAT(error_of([&] { write_file_atomically(folder_ / "missing" / "file", "x"); }),
              AllOf(HasSubstr((folder_ / "missing" / "file").string()), HasSubstr("No such file or directory")));
}

TEST_F(FilesTest, SaysWhyAFileCannotBeRead) {
  EXPECT_THAT(
      error_of([&] { read_file(folder_ / "missing"); }),
      AllOf(HasSubstr("could not read " + (folder_ / "missing").string()), HasSubstr("No such file or directory")));
  EXPECT_THAT(error_of([&] { read_file(folder_); }), AllOf(HasSubstr(folder_.string()), HasSubstr("Is a directory")));
}

// Each would be read for ever, or until there is no memory.
TEST_F(FilesTest, ReadsNothingButAFileOfTheSizeAgreedTo) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  fs::create_symlink("/dev/zero", folder_ / "device");
  fs::create_symlink("loop", folder_ / "loop");
  write_file_atomically(folder_ / "long", std::string(11, 'x'));
  write_file_atomically(folder_ / "vast", "");
  fs::resize_file(folder_ / "vast", std::uintmax_t{1} << 42);
  const std::pair<const char*, const char*> cases[] = {{"pipe", "it is a pipe; expected a regular file"},
                                                       {"device", "it is a device or a socket"},
                                                       {"loop", "Too many levels of symbolic links"},
                                                       {"long", "it is longer than 10 bytes"}};
  for (const auto& [name, why] : cases)
    EXPECT_THAT(error_of([this, file = name] { read_file(folder_ / file, 10); }),
                AllOf(HasSubstr((folder_ / name).string()), HasSubstr(why)));
  EXPECT_THAT(error_of([&] { read_file(folder_ / "vast"); }), HasSubstr("bytes of memory available"));
  EXPECT_EQ(read_file(folder_ / "long", 11).size(), 11u);
}

TEST_F(FilesTest, ReadsAPipeThatAPersonNamed) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(folder_ / "pipe") << "seed = 3"; });
  EXPECT_EQ(read_named_file(folder_ / "pipe", 10), "seed = 3");
  writer.join();
  EXPECT_THAT(error_of([&] { read_named_file("/dev/zero", 10); }), HasSubstr("/dev/zero: it is longer than 10 bytes"));
  EXPECT_THAT(error_of([&] { read_named_file(folder_, 10); }), HasSubstr("Is a directory"));
}

TEST_F(FilesTest, StaysWholeUnderManyWriters) {
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; i++) {
    writers.emplace_back([this, i] {
      for (int j = 0; j < 10; j++)
        write_file_atomically(folder_ / "file", std::string(5'000, static_cast<char>('a' + i)));
    });
  }
  for (int i = 0; i < 10; i++) {
    const std::string text = fs::exists(folder_ / "file") ? read_file(folder_ / "file") : std::string(5'000, 'a');
    EXPECT_EQ(text, std::string(5'000, text[0]));
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(entries(), std::vector<std::string>{"file"});
}

}  // namespace
}  // namespace ddpg
