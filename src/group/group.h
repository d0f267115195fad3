// Processes that work on one training. They are numbered from 0 on, and what travels between them are whole messages.
// Here is nothing of what the messages mean (src/actors), and nothing of how they travel: mpi/mpi_group.cpp, and
// local_group.h for many in one process.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ddpg/error.h"

namespace ddpg {

// A process of the group is gone, with what it had not sent yet.
class Lost : public Error {
 public:
  Lost(int rank, const std::string& message) : Error(message), rank_(rank) {}
  int rank() const { return rank_; }

 private:
  int rank_;
};

struct Message {
  int from = 0;
  std::string bytes;
};

class Group {
 public:
  static constexpr int kAnyone = -1;

  virtual ~Group() = default;
  virtual int rank() const = 0;  // of this process, from 0
  virtual int size() const = 0;

  // Begins to send and returns at once. The message arrives whole, after those sent to that process before it, or not
  // at all. To one that is lost nothing is sent.
  virtual void send(int to, std::string bytes) = 0;
  // How many of the messages sent to that process it has not begun to take. Of one that is lost: none.
  virtual int underway(int to) = 0;
  // The next message of that process, or of anyone, if one has come. Throws Lost, once for each process that is lost,
  // where that is found out; what it sent may come after that.
  virtual std::optional<Message> receive(int from = kAnyone) = 0;
  // Whether receive() has thrown for that process.
  virtual bool is_lost(int process) const = 0;
};

// The next message of that process; waits for it. Throws Lost, for any process.
Message wait_for_message(Group& group, int from);

// The processes that `mpirun` or `srun` has started. Throws UsageError where this program was built without MPI.
std::shared_ptr<Group> mpi_group();

// The words that start a job of the MPI that this program was built with; what follows is `-n`, how many, and what they
// run. Throws likewise.
std::vector<std::string> mpi_starter();

}  // namespace ddpg
