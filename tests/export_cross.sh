#!/usr/bin/env bash
# Exported C headers on processors that this machine is not: compiled for x86-64, 64-bit ARM and ARM Cortex-M, with warnings as errors,
# and run under QEMU at recorded observations. Every number must lie within 1e-6 of the action's range of what the trained policy did:
# 10,000 observations for each policy on x86-64, AArch64 and Cortex-M4F; 1,000 for one on a Cortex-M3, which has no floating-point unit.
# Tells at the end what the 64x64 Pendulum policy needs of a Cortex-M.
#   tests/export_cross.sh [--install] [BUILD]    BUILD: a built folder, build/developer by default
# DDPG_OBSERVATIONS: so many in place of 10,000, 2,000 or more; emulating them is what takes long.
# Needs Debian's cross compilers and QEMU; with --install, as root, it gets them first.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
install=
if [[ ${1-} == --install ]]; then install=yes; shift; fi
build=$(cd -- "${1:-$root/build/developer}" && pwd)
sources=$root/tests/export

packages=(gcc libc6-dev gcc-arm-none-eabi qemu-system-arm gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user)
if ! dpkg --status "${packages[@]}" >/dev/null 2>&1; then
  if [[ -z $install ]]; then
    printf 'tests/export_cross.sh: missing; this gets it, as root:\n\n    tests/export_cross.sh --install\n' >&2
    exit 1
  fi
  get=(env DEBIAN_FRONTEND=noninteractive apt-get install -q --yes --no-install-recommends "${packages[@]}")
  "${get[@]}" || { apt-get update -q && "${get[@]}"; }
fi

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
observations=${DDPG_OBSERVATIONS:-10000}
names=$("$build/tests/export_samples" "$work" "$observations")

warnings=(-std=c99 -O2 -Wall -Wextra -Wconversion -Werror)
bare=(-mthumb -ffreestanding -nostdlib -T "$sources/cortex_m.ld")
m3=(-mcpu=cortex-m3)
m4=(-mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16)
board=(-nographic -monitor none -serial none -semihosting-config 'enable=on,target=native')

compare() {  # compare PROCESSOR NAME HEADER ROWS: the header compiled and run; one line; fails beyond what is allowed
  local processor=$1 name=$2 header=$3 rows=$4
  local folder=$work/$processor-$header program=(./program) out
  mkdir -- "$folder"
  ln -s -- "$work/$name.observations" "$folder/observations"
  ln -s -- "$work/$name.actions" "$folder/actions"
  local flags=("${warnings[@]}" "-DROWS=$rows" "-DPOLICY(x)=${name}_##x" "-DCOUNT(x)=${name^^}_##x" "-D${name^^}_WITH_CHECK"
    -include "$work/$header.h" "-I$sources" "$sources/compare.c" -o "$folder/program")
  case $processor in
    x86-64) gcc -ffreestanding "${flags[@]}" "$sources/io_stdio.c" ;;
    aarch64)
      aarch64-linux-gnu-gcc -ffreestanding -static "${flags[@]}" "$sources/io_stdio.c"
      program=(qemu-aarch64 ./program) ;;
    cortex-m4f)
      arm-none-eabi-gcc "${m4[@]}" "${bare[@]}" "${flags[@]}" "$sources/io_semihosting.c" -lgcc
      program=(qemu-system-arm -machine mps2-an386 "${board[@]}" -kernel program) ;;
    cortex-m3)
      arm-none-eabi-gcc "${m3[@]}" "${bare[@]}" "${flags[@]}" "$sources/io_semihosting.c" -lgcc
      program=(qemu-system-arm -machine mps2-an385 "${board[@]}" -kernel program) ;;
  esac
  out=$(cd -- "$folder" && timeout 300 "${program[@]}" </dev/null 2>&1)  # semihosting writes to standard error
  value() { sed -n "s/^$1: //p" <<<"$out"; }
  local read same largest checked
  read=$(value observations) same=$(value 'numbers the same to the bit, in a million')
  largest=$(value 'largest difference, in 1e-9 of the range') checked=$(value 'check pairs within their limit')
  printf '%-11s %-20s %6s observations, the same to the bit: %7s in a million, largest difference %5se-9 of the range\n' \
    "$processor" "$header" "$read" "$same" "$largest"
  [[ $read == "$rows" && $checked == 1 ]] || { printf '%s %s: FAILED\n%s\n' "$processor" "$header" "$out"; return 1; }
  [[ $header == *_int8 || $largest -le 1000 ]] || { printf '%s %s: FAILED, expected 1000e-9\n' "$processor" "$header"; return 1; }
}

whole() {  # every policy on a processor
  local name
  for name in $names; do compare "$1" "$name" "$name" "$observations"; done
  compare "$1" default default_int8 1000
}

whole aarch64 >"$work/aarch64.log" 2>&1 &
beside=$!
whole x86-64
whole cortex-m4f
compare cortex-m3 default default 1000
compare cortex-m3 default default_int8 1000
wait "$beside" || { cat -- "$work/aarch64.log"; exit 1; }
cat -- "$work/aarch64.log"

for header in pendulum pendulum_int8; do
  printf '#include "%s.h"\nvoid act(const float *observation, float *action);\nvoid act(const float *o, float *a) { pendulum_act(o, a); }\n' \
    "$header" >"$work/size.c"
  arm-none-eabi-gcc "${m4[@]}" -mthumb -ffreestanding "${warnings[@]}" -Os -fstack-usage -c "$work/size.c" -o "$work/size.o"
  printf 'Cortex-M4F, -Os, %s.h, 3-64-64-1: flash %s bytes, static RAM %s bytes, stack %s bytes\n' "$header" \
    "$(arm-none-eabi-size "$work/size.o" | awk 'NR == 2 { print $1 }')" \
    "$(arm-none-eabi-size "$work/size.o" | awk 'NR == 2 { print $2 + $3 }')" \
    "$(awk '{ sum += $2 } END { print sum }' "$work/size.su")"
done
