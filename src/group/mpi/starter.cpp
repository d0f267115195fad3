// How a job is started: see group.h.
#include <filesystem>
#include <string>
#include <vector>

#include "group/group.h"
#include "group/mpi/mpi.h"

namespace ddpg {
namespace {

// More processes than cores are none of its business: a player waits for the learner much of the time.
#ifdef OPEN_MPI
const std::vector<std::string> kCrowded = {"--oversubscribe"};
#else
const std::vector<std::string> kCrowded = {};
#endif

}  // namespace

// A program that was built elsewhere takes the one that is found as a shell would find it.
std::vector<std::string> mpi_starter() {
  std::error_code unknown;
  std::vector<std::string> words = {std::filesystem::exists(DDPG_MPIRUN, unknown) ? DDPG_MPIRUN : "mpirun"};
  words.insert(words.end(), kCrowded.begin(), kCrowded.end());
  for (const std::string& word : surviving()) words.push_back(word);
  return words;
}

}  // namespace ddpg
