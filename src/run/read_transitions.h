// Transitions from whatever holds some: which reader reads it. The readers: data/csv.h, data/npz.h, kept_replay.h.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "data/episodes.h"

namespace ddpg {

// A file or folder that was read, for the record.
struct DataSource {
  std::string file;            // of a run: the checkpoint
  std::int64_t size = 0;       // bytes
  std::uint32_t checksum = 0;  // CRC-32; of a checkpoint: that of its checksums
  DataSummary summary;
  std::string warning;  // "": none
};

// As read_transitions() in ddpg/data.h. Throws Interrupted when `*stop` becomes true.
DataSource read_source(const std::string& path, const Specification& specification, const TakeTransition& take,
                       const std::atomic<bool>* stop = nullptr);

}  // namespace ddpg
