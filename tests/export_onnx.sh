#!/usr/bin/env bash
# Exported policies as other libraries read them. ONNX: the model passes onnx.checker and runs in ONNX Runtime, one observation at a time and
# 10,000 at once, within 1e-6 of the action's range of what the trained policy did. safetensors: read by the package of that name and, where
# PyTorch is installed, run by the lines of docs/export.md; likewise with JAX.
#   tests/export_onnx.sh [BUILD]    BUILD: a built folder, build/developer by default
# Needs Python with pip, and the network at the first time: the wheels go to build/export. PYTHON names another Python, such as one that has
# PyTorch or JAX.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
build=$(cd -- "${1:-$root/build/developer}" && pwd)
packages=$root/build/export/python
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

"$root/cmake/python_packages" "$root/tests/export/onnx_requirements.txt" "$packages"
"$build/tests/export_samples" "$work" 10000 >"$work/names"
PYTHONPATH=$packages ${PYTHON:-python3} "$root/tests/export/check_exports.py" "$work" "$root/docs/export.md"
# the verb itself, through the same package, on policies that were trained
cd -- "$work"
for preset in default our-ddpg lillicrap2015; do
  activation=relu
  [[ $preset != default ]] || activation=elu  # no preset has it
  "$build/ddpg" train Pendulum-v1 --preset $preset --steps 3000 --set actor.activation=$activation --set warmup_steps=500 --set learning_starts=500 --set evaluation_episodes=2 \
    --quiet --run trained_$preset >/dev/null
  PYTHONPATH=$packages "$build/ddpg" export trained_$preset --out trained_$preset.onnx --verify --episodes 2
done
# wrappers that a policy carries, as inputs and outputs, from step to step; a bad step leaves no trace
"$build/ddpg" train Pendulum-v1 --steps 600 --set warmup_steps=100 --set learning_starts=100 --set normalise_observations=true --set evaluation_episodes=0 --quiet --run wrapped \
  --set env.wrap.low_pass=0.3 --set env.wrap.time_left=true --set env.wrap.last_actions=2 --set env.wrap.frame_stack=3 >/dev/null
for opset in 9 21; do
  PYTHONPATH=$packages "$build/ddpg" export wrapped --out wrapped_$opset.onnx --opset $opset --verify --episodes 2
  PYTHONPATH=$packages ${PYTHON:-python3} "$root/tests/export/check_exports.py" --wrapped wrapped_$opset.onnx
done
