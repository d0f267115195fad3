// A policy's way to and from the disk. Not here: the bytes (format.h), and what a policy does (policy.cpp).
#include "ddpg/policy.h"
#include "policy/content.h"
#include "policy/format.h"
#include "support/files.h"
#include "support/shown.h"

namespace ddpg {

Policy Policy::load(const std::string& path) {
  return Policy(decode_policy(read_file(path), shown(path)));
}

void Policy::save(const std::string& path) const {
  write_file_atomically(path, encode_policy(content(), path));
}

}  // namespace ddpg
