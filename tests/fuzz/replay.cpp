// Runs a fuzz target over the files of a folder: what a fuzzer found once is tried in every run of the tests, and so
// are a few hundred damaged copies of each file, the same ones every time. A fuzzer proper goes deeper: tests/fuzz.sh.
//   X_replay FOLDER [MUTATIONS]
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void run(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

// One to four changes: a byte, a bit, a number of eight bytes made large or negative, a piece taken out or doubled, an
// end cut off.
std::string damaged(std::string bytes, std::mt19937_64& random) {
  const auto below = [&](std::size_t bound) { return bound == 0 ? 0 : static_cast<std::size_t>(random() % bound); };
  for (std::size_t changes = 1 + below(4); changes > 0 && !bytes.empty(); changes--) {
    const std::size_t at = below(bytes.size()), length = 1 + below(16);
    switch (below(6)) {
      case 0:
        bytes[at] = static_cast<char>(random());
        break;
      case 1:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
        break;
      case 2:
        for (std::size_t i = at / 8 * 8; i < bytes.size() && i < at / 8 * 8 + 8; i++)
          bytes[i] = static_cast<char>(below(2) != 0 ? 0xFF : 0x7F);
        break;
      case 3:
        bytes.erase(at, length);
        break;
      case 4:
        bytes.insert(at, bytes.substr(at, length));
        break;
      default:
        bytes.resize(at);
    }
  }
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  const int mutations = argc > 2 ? std::atoi(argv[2]) : 300;
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(argc > 1 ? argv[1] : ".")) {
    std::ifstream stream(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    std::mt19937_64 random(bytes.size());  // whatever the order of the files
    run(bytes);
    for (int i = 0; i < mutations; i++) run(damaged(bytes, random));
    files++;
  }
  std::printf("%d files, each whole and damaged in %d ways\n", files, mutations);
  return files > 0 ? 0 : 1;
}
