// Policies to store, and a checksum written a second time, so that a test can repair what it damaged.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "ddpg/random.h"
#include "nn/tensors.h"
#include "policy/content.h"

namespace ddpg::testing {

inline NetworkShape actor_shape(int observations, std::vector<int> hidden, int actions) {
  NetworkShape shape;
  shape.observation_size = observations;
  shape.hidden = std::move(hidden);
  shape.output_size = actions;
  shape.output_activation = Activation::tanh;
  return shape;
}

// Values are multiples of 1/64 in [-1, 1], running over the tensors in order; variances are not negative.
inline Policy::Content sample_policy(const NetworkShape& shape) {
  Policy::Content content;
  content.body = body_of(shape);
  int next = 0;
  for (const TensorForm& form : expected_tensors(shape)) {
    Tensor tensor{form.name, form.shape, {}};
    for (std::int64_t i = 0; i < form.elements(); i++) {
      const float value = static_cast<float>(next++ * 7 % 129 - 64) / 64;
      tensor.values.push_back(form.name.ends_with("running_var") ? std::max(value, -value) : value);
    }
    content.tensors.push_back(tensor);
  }
  for (int i = 0; i < shape.output_size; i++) {
    content.action_low.push_back(-1.0f - static_cast<float>(i));
    content.action_high.push_back(0.5f + static_cast<float>(i));
  }
  content.provenance = {"Pendulum-v1", {}, "default", 1, 20'000, -147.5, "0.1.0"};
  return content;
}

inline void add_normaliser(Policy::Content& content) {
  content.normalise = true;
  content.clip = 5;
  for (int i = 0; i < content.body.observation_size; i++) {
    content.mean.push_back(0.25 * i - 1);
    content.deviation.push_back(0.5 + i);
  }
}

inline EnvironmentSettings sample_settings() {
  return {{"gravity", 9.81},
          {"healthy_range", std::vector<double>{0.7, std::numeric_limits<double>::infinity()}},
          {"quiet", true},
          {"xml_file", std::string("half cheetah \xC3\xA9.xml")}};
}

// The small policy of tests/golden/policy_v1.ddpg.
inline Policy::Content golden_policy_v1() {
  NetworkShape shape = actor_shape(3, {4, 2}, 2);
  shape.activation = Activation::relu;
  shape.batch_norm = true;
  Policy::Content content = sample_policy(shape);
  add_normaliser(content);
  content.provenance.env = sample_settings();
  content.provenance.seed = 0xFEDCBA9876543210;
  return content;
}

// That of tests/golden/policy_v2.ddpg and policy_v3.ddpg.
inline Policy::Content golden_policy() {
  Policy::Content content = golden_policy_v1();
  content.time_limit = 200;
  content.control_period = 0.05;
  content.observation_names = {"cos(angle)", "sin(angle)", "velocity"};
  content.observation_units = {"", "", "rad/s"};
  content.action_names = {"torque \xC3\xA9", ""};
  content.check_observations = {-0.5, -0.25, 0, 0.25, 0.5, 0.75};
  content.check_actions = {-1, -1.5, 0.25, 1.25};
  return content;
}

// CRC-32 bit by bit, by its definition.
inline std::uint32_t plain_crc32(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFu;
  for (char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
  }
  return ~crc;
}

inline std::uint64_t number_at(std::string_view bytes, std::size_t place, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[place + i]);
  return value;
}

inline void put_number(std::string& bytes, std::size_t place, std::size_t size, std::uint64_t value) {
  for (std::size_t i = 0; i < size; i++)
    bytes[place + i] = static_cast<char>(static_cast<unsigned char>(value >> 8 * i));
}

inline constexpr std::size_t kHeader = 28;  // bytes of the header; its checksum is the last four

// Makes the file size and the checksums right again, as someone would who wants the file to be taken for a good one.
inline void repair(std::string& bytes) {
  if (bytes.size() < kHeader) return;
  put_number(bytes, 16, 8, bytes.size());
  put_number(bytes, 24, 4, plain_crc32(std::string_view(bytes).substr(0, 24)));
  for (std::size_t place = kHeader; place + 16 <= bytes.size();) {
    const std::uint64_t length = number_at(bytes, place + 4, 8);
    if (length > bytes.size() - place - 16) return;
    put_number(bytes, place + 12 + length, 4, plain_crc32(std::string_view(bytes).substr(place, 12 + length)));
    place += 16 + length;
  }
}

// Where the payload of the section with this tag begins.
inline std::size_t payload_of(std::string_view bytes, std::string_view tag) {
  std::size_t place = kHeader;
  while (bytes.substr(place, 4) != tag) place += 16 + number_at(bytes, place + 4, 8);
  return place + 12;
}

}  // namespace ddpg::testing
