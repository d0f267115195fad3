// Any bytes as a policy file: either both faces of the reader refuse them with the same words, or both take them; then
// they act without a fault, and what is of the present version is written again as the same bytes. Checksums would keep
// a fuzzer out, so the bytes are tried as they are and with their checksums repaired.
#include <ddpg_policy.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "ddpg/error.h"
#include "policy/format.h"
#include "policy/policy_samples.h"

namespace ddpg {
namespace {

void expect(bool good, const char* what, const std::string& detail = "") {
  if (good) return;
  std::fprintf(stderr, "policy_fuzz: %s %s\n", what, detail.c_str());
  std::abort();
}

void act(deploy::Policy& policy) {
  const auto from = static_cast<std::size_t>(policy.observation_size());
  const auto to = static_cast<std::size_t>(policy.action_size());
  std::vector<float> observations(5 * from, 0.5f), actions(5 * to), one(to);
  const deploy::Code batch = policy.act_batch(observations, actions);
  const deploy::Code single = policy.act(std::span<const float>(observations).first(from), one);
  expect(batch == single, "a batch and one observation end differently");
  if (single != deploy::Code::ok) return;
  for (std::size_t i = 0; i < to; i++) {
    expect(one[i] >= policy.action_low()[i] && one[i] <= policy.action_high()[i], "an action is out of bounds");
    expect(one[i] == actions[4 * to + i], "a batch gives other actions");
  }
  std::vector<float> sensors(static_cast<std::size_t>(policy.sensor_size()), 0.5f);
  for (int step = 0; step < 3; step++)
    if (policy.play(std::span<const float>(sensors), one) == deploy::Code::ok)
      for (std::size_t i = 0; i < to; i++)
        expect(one[i] >= policy.action_low()[i] && one[i] <= policy.action_high()[i],
               "what is played is out of bounds");
  policy.reset();
  policy.verify();
}

void try_bytes(const std::string& bytes) {
  deploy::Policy policy;
  const deploy::Status status = policy.load(bytes.data(), bytes.size(), "x");
  std::string said;
  try {
    const Policy::Content content = decode_policy(bytes, "x");
    const std::string again = encode_policy(content, "x");
    if (policy.format_version() >= 3) expect(again == bytes, "another encoding");
  } catch (const Error& error) {
    said = error.what();
  }
  expect(said == status.message, "the faces disagree:", said + " | " + status.message);
  expect(static_cast<bool>(status) == said.empty(), "taken by one face alone");
  if (status) act(policy);
}

}  // namespace
}  // namespace ddpg

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  ddpg::try_bytes(bytes);
  ddpg::testing::repair(bytes);
  ddpg::try_bytes(bytes);
  return 0;
}
