#!/usr/bin/env bash
# Proves README's two commands on a bare Debian: nothing but git and ca-certificates, in a folder entered with chroot, which gets a
# clone of this repository's last commit. Needs root, the network and debootstrap (the Debian package of that name).
#   tests/bare_debian.sh [12 | 13] [PART ...]    12 and 13 by default; parts: train test user python; the first three by default; each starts from a bare system
#     train   ./ddpg train as root, installing and building, in under 180 s; a MuJoCo task as well, fetching it; started again, without
#             network, in under a second
#     test    ./ddpg test as root in under 600 s
#     user    a user without sudo is told what is missing; a user with sudo trains
#     python  a wheel made elsewhere, which DDPG_WHEEL names, passes the tests of the Python package
# DDPG_MIRROR names the Debian mirror; when not set it is the one this machine's apt takes its own Debian from.
# DDPG_COMPILER_CACHE names a folder of ccache: the parts compile through ccache, which is put into their system beforehand, so that what another
# build of the same commit has compiled is not compiled again. The part train compiles all the same, since its time is promised, unless
# DDPG_TIME_FACTOR gives it more.
# DDPG_BARE_TESTS: the part test runs only those tests (ctest -R), where the whole suite was run on the same Debian already.
# DDPG_BARE_TESTS_NOT: the part test leaves those out (ctest -E): what takes long and asks nothing of the system.
# DDPG_WARNINGS=errors: a warning of its compiler fails the part, as in .ci/run; for users it never does.
# The times are promised for two cores, so two are given.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
if [[ ! ${1-} =~ ^[0-9]+$ ]]; then
  "${BASH_SOURCE[0]}" 12 "$@" && exec "${BASH_SOURCE[0]}" 13 "$@"
  exit 1
fi
release=$1
parts=("${@:2}")
((${#parts[@]})) || parts=(train test user)

refuse() { echo "bare_debian: $*"; exit 2; }
case $release in
  12) suite=bookworm ;;
  13) suite=trixie ;;
  *) refuse "expected Debian 12 or 13, found $release" ;;
esac
for part in "${parts[@]}"; do [[ $part =~ ^(train|test|user|python)$ ]] || refuse "unknown part $part: expected train, test, user or python"; done
[[ " ${parts[*]} " != *" python "* || -f ${DDPG_WHEEL-} ]] || refuse "the part python needs a wheel: DDPG_WHEEL=dist/ddpg-....whl"
((EUID == 0)) || refuse "must run as root, for debootstrap and chroot"
command -v debootstrap >/dev/null || refuse "debootstrap is missing: apt-get install debootstrap"
# shellcheck disable=SC2016  # apt-get's own variable
mirror=${DDPG_MIRROR:-$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' | awk '$1 ~ /^(bookworm|trixie)$/ { print $2; exit }')}
[[ -n $mirror ]] || refuse "apt on this machine knows no Debian 12 or 13: set DDPG_MIRROR"

work=$(mktemp -d)
chmod 755 "$work"
base=$work/base  # the bare system, kept as it is
bare=$work/bare  # a copy, in which a part runs
leave() {
  local mounted
  for mounted in "$bare/var/cache/ccache" "$bare/proc" "$bare/dev"; do
    if mountpoint -q "$mounted"; then umount -l "$mounted"; fi
  done
}
cleanup() { leave; rm -rf --one-file-system -- "$work"; }
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

step() { printf '== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*"; exit 1; }
quietly() { "$@" >"$work/log" 2>&1 </dev/null || { tail -n 30 "$work/log"; fail "$*"; }; }

# --- the bare system ------------------------------------------------------------------------------------------------------

share_network_setup() {  # how this machine reaches the mirror: apt's settings and credentials, names, certificates
  apt-config dump Acquire | grep -E '^Acquire::(http|https|Check-|Retries|Force)' >"$base/etc/apt/apt.conf.d/99host" || true
  cp -r /etc/apt/auth.conf* "$base/etc/apt/" 2>/dev/null || true
  cp -L /etc/resolv.conf /etc/hosts "$base/etc/"
  mkdir -p "$base/usr/local/share/ca-certificates"
  cp -r /usr/local/share/ca-certificates/. "$base/usr/local/share/ca-certificates/"
  cp -L /etc/ssl/certs/ca-certificates.crt "$base/etc/ssl/certs/"
  cp -L /etc/pip.conf "$base/etc/" 2>/dev/null || true
}

make_base() {
  step "debootstrap --variant=minbase $suite; git, ca-certificates"
  quietly debootstrap --variant=minbase --include=git,ca-certificates "$suite" "$base" "$mirror"
  share_network_setup
  quietly git clone --bare -- "$root" "$base/srv/ddpg.git"
  quietly chroot "$base" git config --system safe.directory '*'  # the clone is root's, and users clone it
  for tool in c++ gcc cmake ninja make sudo python3; do
    if chroot "$base" which "$tool"; then fail "$tool is there: this is no bare Debian"; fi
  done
}

enter() {  # enter PART: a fresh copy of the bare system
  leave
  rm -rf --one-file-system -- "$bare"
  cp -a -- "$base" "$bare"
  mount -t proc proc "$bare/proc"
  mount --bind /dev "$bare/dev"
  cached=()
  [[ -n ${DDPG_COMPILER_CACHE-} ]] || return 0
  quietly inside root apt-get update
  quietly inside root apt-get install --yes --no-install-recommends ccache
  mkdir -p "$bare/var/cache/ccache"
  mount --bind "$DDPG_COMPILER_CACHE" "$bare/var/cache/ccache"
  cached=(CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_DIR=/var/cache/ccache CCACHE_UMASK=000 CCACHE_NOHASHDIR=1 CCACHE_COMPILERCHECK=content
    "CCACHE_SLOPPINESS=pch_defines,time_macros,locale")
  [[ $1 != train || ${DDPG_TIME_FACTOR:-1} != 1 ]] || cached+=(CCACHE_RECACHE=1)
}

proxies=()
for name in http_proxy https_proxy no_proxy; do [[ -z ${!name-} ]] || proxies+=("$name=${!name}"); done
two_cores=()
(($(nproc) <= 2)) || two_cores=(taskset --cpu-list 0-1)
network=()  # or: unshare --net
cached=()   # or: what a compiler cache wants in the environment

inside() {  # inside USER COMMAND ...: in the copy, in USER's home, with nothing of this machine's environment but its proxies
  local user=$1 home=/root groups=--clear-groups
  [[ $user == root ]] || { home=/home/$user; groups=--init-groups; }
  "${two_cores[@]}" "${network[@]}" chroot "$bare" setpriv --reuid="$user" --regid="$user" "$groups" \
    env -i "HOME=$home" "USER=$user" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${proxies[@]}" \
    "${cached[@]}" "CCACHE_BASEDIR=$home/ddpg.cpp" \
    bash -c 'cd && exec "$@"' bash "${@:2}" </dev/null
}

front_door() {  # front_door USER ARGS ...: ./ddpg ARGS in USER's clone
  # shellcheck disable=SC2016
  inside "$1" bash -c 'cd ddpg.cpp && ./ddpg "$@"' bash "${@:2}"
}

# --- what is promised -----------------------------------------------------------------------------------------------------

timed() {  # timed SECONDS COMMAND ...: must succeed within them
  local limit=$(($1 * ${DDPG_TIME_FACTOR:-1})) start milliseconds  # a busy machine may be given more
  start=$(date +%s%N)
  "${@:2}" || fail "${*:2}: exit code $?"
  milliseconds=$((($(date +%s%N) - start) / 1000000))
  printf '   %d.%03d s, of %d allowed\n' $((milliseconds / 1000)) $((milliseconds % 1000)) "$limit"
  ((milliseconds < 1000 * limit)) || fail "${*:2}: took too long"
}

trains() {  # trains USER [TASK]: one JSON object and nothing else on standard output
  front_door "$1" train "${2:-Pendulum-v1}" --steps 3000 --json >"$work/out" || return
  [[ $(wc -l <"$work/out") -eq 1 ]] && grep -qE '"steps": ?3000[,}]' "$work/out" && grep -q '"mean_return"' "$work/out" && return
  cat "$work/out"
  return 1
}

no_warnings() {  # no_warnings PRESET: root's build of it said none
  [[ ${DDPG_WARNINGS-} != errors ]] || ! grep -F 'warning: ' "$bare/root/ddpg.cpp/build/$1.log" || fail "warnings"
}

tests_pass() {  # tests_pass USER: and ctest says so at the end
  local some=()
  [[ -z ${DDPG_BARE_TESTS-} ]] || some=(-R "$DDPG_BARE_TESTS")
  [[ -z ${DDPG_BARE_TESTS_NOT-} ]] || some+=(-E "$DDPG_BARE_TESTS_NOT")
  front_door "$1" test "${some[@]}" >"$work/out" || { tail -n 60 "$work/out"; return 1; }
  tail -n 3 "$work/out"
  grep -q '^100% tests passed' "$work/out"
}

train_part() {
  step "root, first start: ./ddpg train Pendulum-v1 --steps 3000"
  inside root git clone -q /srv/ddpg.git ddpg.cpp
  timed 180 trains root
  no_warnings release
  step "a task that needs MuJoCo: ./ddpg train HalfCheetah-v5 --steps 3000"
  timed 180 trains root HalfCheetah-v5
  network=(unshare --net)
  step "second start, without network: ./ddpg version"
  timed 1 front_door root version
  step "without network: ./ddpg train Pendulum-v1 --steps 3000"
  timed 30 trains root
  network=()
}

test_part() {
  step "root: ./ddpg test"
  inside root git clone -q /srv/ddpg.git ddpg.cpp
  timed 600 tests_pass root
  no_warnings developer
}

user_part() {
  step "a user without sudo is told what is missing"
  quietly inside root useradd --create-home --shell /bin/bash plain
  inside plain git clone -q /srv/ddpg.git ddpg.cpp
  local code=0
  front_door plain version >"$work/out" 2>"$work/err" || code=$?
  cat "$work/err"
  [[ $code -eq 1 && ! -s $work/out ]] || fail "expected exit code 1 and nothing on standard output; found $code"
  grep -q 'apt-get install .* g++ cmake ninja-build libfmt-dev' "$work/err" || fail "the command that gets it is not told"

  step "a user with sudo: ./ddpg train Pendulum-v1 --steps 3000"
  quietly inside root apt-get update
  quietly inside root apt-get install --yes --no-install-recommends sudo
  quietly inside root useradd --create-home --shell /bin/bash able
  echo 'able ALL=(ALL) NOPASSWD: ALL' >"$bare/etc/sudoers.d/able"
  inside able git clone -q /srv/ddpg.git ddpg.cpp
  timed 180 trains able

  step "with all installed, the user without sudo trains, without network"
  network=(unshare --net)
  timed 180 trains plain
  network=()
}

python_part() {
  step "the Python package: ${DDPG_WHEEL##*/}"
  inside root git clone -q /srv/ddpg.git ddpg.cpp
  quietly inside root apt-get update
  quietly inside root apt-get install --yes --no-install-recommends python3-venv
  quietly inside root python3 -m venv venv
  cp -- "$DDPG_WHEEL" "$bare/root/"
  quietly inside root venv/bin/python -m pip install "./${DDPG_WHEEL##*/}[mujoco]" gymnasium matplotlib pytest
  inside root venv/bin/python -m pytest -q -p no:cacheprovider ddpg.cpp/python/tests
}

make_base
for part in "${parts[@]}"; do
  enter "$part"
  "${part}_part"
done
step "bare Debian $release: all passed (${parts[*]})"
