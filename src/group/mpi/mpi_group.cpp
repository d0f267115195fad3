// The processes of an MPI job as a group.
//
// Every message is a synchronous send (MPI_Issend): it is done when the other side has begun to take it. So what is
// underway can be counted, and nobody's memory fills with messages that another is too slow to take. After a loss
// nothing of MPI is called that needs all processes: MPI_Finalize and MPI_Abort would hang, so the process just ends.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <list>
#include <utility>
#include <vector>

#include "group/group.h"
#include "group/mpi/mpi.h"
#include "group/waiting.h"

namespace ddpg {
namespace {

constexpr int kTag = 0;
constexpr std::chrono::seconds kFarewell{10};  // for what was sent and not taken yet
constexpr int kLooksForLosses = 64;            // calls of receive() until it asks again who is lost

class MpiGroup : public Group {
 public:
  MpiGroup() {
    int provided = 0;
    if (MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided) != MPI_SUCCESS)
      throw Error("[mpi] it could not be started: run ddpg by mpirun or srun");
    if (provided < MPI_THREAD_SERIALIZED)
      throw Error(
          "[mpi] this MPI allows calls from one thread only, and overlapped environments make them from others");
    MPI_Comm_dup(MPI_COMM_WORLD, &all_);
    MPI_Comm_set_errhandler(all_, MPI_ERRORS_RETURN);
    MPI_Comm_rank(all_, &rank_);
    MPI_Comm_size(all_, &size_);
    lost_.resize(static_cast<std::size_t>(size_));
    sent_.resize(lost_.size());
  }

  MpiGroup(const MpiGroup&) = delete;
  MpiGroup& operator=(const MpiGroup&) = delete;

  ~MpiGroup() override {
    const auto patience = std::chrono::steady_clock::now() + kFarewell;
    const auto all_arrived = [&] {
      for (int process = 0; process < size_; process++)
        if (underway(process) > 0) return false;
      return true;
    };
    for (Waiting waiting; !anyone_lost() && !all_arrived(); waiting.once()) {
      note_losses();
      if (std::chrono::steady_clock::now() > patience) return;
    }
    if (anyone_lost()) return;
    MPI_Comm_free(&all_);
    MPI_Finalize();
  }

  int rank() const override { return rank_; }
  int size() const override { return size_; }

  void send(int to, std::string bytes) override {
    if (is_lost(to)) return;
    if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
      throw Error(fmt::format("[mpi] a message of {} bytes is too long; choose smaller networks", bytes.size()));
    sweep(to);
    Sent& sent = sent_to(to).emplace_back(Sent{std::move(bytes), MPI_REQUEST_NULL});
    const int code =
        MPI_Issend(sent.bytes.data(), static_cast<int>(sent.bytes.size()), MPI_BYTE, to, kTag, all_, &sent.request);
    if (code != MPI_SUCCESS) sent_to(to).pop_back();  // to one that is lost: receive() says so
  }

  int underway(int to) override {
    sweep(to);
    return is_lost(to) ? 0 : static_cast<int>(sent_to(to).size());
  }

  std::optional<Message> receive(int from) override {
    if (++calls_ >= kLooksForLosses) throw_new_loss();
    int there = 0;
    MPI_Message message = MPI_MESSAGE_NULL;
    MPI_Status status;
    const int code = MPI_Improbe(from == kAnyone ? MPI_ANY_SOURCE : from, kTag, all_, &there, &message, &status);
    if (code != MPI_SUCCESS) there = 0;
    if (there != 0) return taken(message, status);
    if (code != MPI_SUCCESS) throw_new_loss();
    return std::nullopt;
  }

  bool is_lost(int process) const override { return lost_[static_cast<std::size_t>(process)]; }

 private:
  struct Sent {
    std::string bytes;  // must lie still until the request is done
    MPI_Request request;
  };

  std::optional<Message> taken(MPI_Message& message, const MPI_Status& status) {
    int size = 0;
    MPI_Get_count(&status, MPI_BYTE, &size);
    Message result{status.MPI_SOURCE, std::string(static_cast<std::size_t>(size), '\0')};
    if (MPI_Mrecv(result.bytes.data(), size, MPI_BYTE, &message, MPI_STATUS_IGNORE) == MPI_SUCCESS) return result;
    return std::nullopt;  // torn: its sender is lost, and what came of it is not taken
  }

  std::list<Sent>& sent_to(int process) { return sent_[static_cast<std::size_t>(process)]; }

  // Forgets what has arrived there, and what never will. Not of all at each call: of a thousand it takes too long.
  void sweep(int process) {
    std::erase_if(sent_to(process), [](Sent& sent) {
      int done = 0;
      return MPI_Test(&sent.request, &done, MPI_STATUS_IGNORE) != MPI_SUCCESS || done != 0;
    });
  }

  bool anyone_lost() const { return std::ranges::find(lost_, true) != lost_.end(); }

  // Gives one that was not known before; -1: there is none.
  int note_losses() {
    calls_ = 0;
    for (const int rank : lost_ranks(all_)) {
      if (rank < 0 || rank >= size_ || is_lost(rank)) continue;
      lost_[static_cast<std::size_t>(rank)] = true;
      return rank;
    }
    return -1;
  }

  void throw_new_loss() {
    if (const int rank = note_losses(); rank >= 0) throw Lost(rank, fmt::format("[mpi] process {} is gone", rank));
  }

  MPI_Comm all_ = MPI_COMM_NULL;
  int rank_ = 0, size_ = 1;
  std::vector<std::list<Sent>> sent_;  // [processes]
  std::vector<bool> lost_;
  int calls_ = 0;
};

}  // namespace

std::shared_ptr<Group> mpi_group() {
  return std::make_shared<MpiGroup>();
}

}  // namespace ddpg
