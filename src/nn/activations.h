// One table of what is known of each activation outside the arithmetic: its name, and how other programs write it. The
// arithmetic is in kernels_reference.cpp and lanes-inl.h (training) and in src/deploy/kernels-inl.h (acting).
#pragma once

#include <span>
#include <string_view>

#include "ddpg_policy/activation.h"

namespace ddpg {

struct ActivationForm {
  Activation activation;
  std::string_view name;     // in options, files and PyTorch
  std::string_view onnx;     // the operator; "": none is needed
  std::string_view c_text;   // the function of an exported header, @name@_<name>
  bool c_needs_exp = false;  // which calls @name@_exp_minus_one
};

std::span<const ActivationForm> activation_forms();  // by their numbers
const ActivationForm& form_of(Activation activation);
inline std::string_view name_of(Activation activation) {
  return form_of(activation).name;
}

}  // namespace ddpg
