#!/usr/bin/env bash
# The NEON kernels on a machine that has none: cross-compiles the library and its tests for 64-bit ARM and runs, under
# QEMU, those that prove the arithmetic, the golden bits among them. Needs Debian's cross compiler, qemu-user and the
# libraries for arm64; with --install, as root, it gets them first.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
case ${1-} in
  '' | --install) ;;
  *) printf 'usage: tests/aarch64.sh [--install]\n' >&2; exit 2 ;;
esac

packages=(g++-aarch64-linux-gnu qemu-user cmake ninja-build nlohmann-json3-dev
  libhwy-dev:arm64 libfmt-dev:arm64 libtomlplusplus-dev:arm64 libgtest-dev:arm64 libgmock-dev:arm64)
if [[ ${1-} == --install ]]; then
  dpkg --add-architecture arm64
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -q --yes --no-install-recommends "${packages[@]}"
elif ! dpkg --status "${packages[@]}" >/dev/null 2>&1; then
  printf 'tests/aarch64.sh: missing; this gets it, as root:\n\n    tests/aarch64.sh --install\n' >&2
  exit 1
fi

cmake --preset aarch64
cmake --build --preset aarch64
# Of whole trainings those that bring in kernels of their own; the others take minutes here and call the same ones.
qemu-aarch64 build/aarch64/tests/ddpg_tests --gtest_color=no --gtest_filter='*Kernel*:Distributions.*:*SameBits.*:Gradient.*:PinnedFunctions.*:RandomStream.*-*/reference:*OfTd3/*:*OfManyEnv*:*OfPrioritised*:*OfSeenRanges*' |
  tee build/aarch64/tests.log
if ! grep -q '^\[ *OK \] Kernels/SameBits.OfReluNetworks/NEON' build/aarch64/tests.log; then
  echo 'tests/aarch64.sh: the NEON kernels did not run' >&2
  exit 1
fi
