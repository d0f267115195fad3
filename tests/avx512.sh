#!/usr/bin/env bash
# The AVX-512 kernels on a machine that has none: boots Debian's kernel with nothing but the test program in Bochs, which
# emulates a processor that has AVX-512, and runs the tests of that set of kernels, the golden bits among them. Needs
# Debian 12's bochs and what makes a bootable image; with --install, as root, it gets them first. The kernel is fetched and
# unpacked under build/, not installed.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
case ${1-} in
  '' | --install) ;;
  *) printf 'usage: tests/avx512.sh [--install]\n' >&2; exit 2 ;;
esac

limit=1200  # seconds for all of it; it took 357 on an AMD EPYC, with a build on its other core
packages=(bochs bochsbios vgabios isolinux syslinux-common xorriso busybox-static cpio)
if [[ ${1-} == --install ]]; then
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -q --yes --no-install-recommends "${packages[@]}"
elif ! dpkg --status "${packages[@]}" >/dev/null 2>&1; then
  printf 'tests/avx512.sh: missing; this gets it, as root:\n\n    tests/avx512.sh --install\n' >&2
  exit 1
fi

# as ./ddpg test has configured it: the preset alone compiles each source by itself, so everything again
[[ -e build/developer/build.ninja ]] || cmake --preset developer
cmake --build --preset developer --target ddpg_tests
program=build/developer/tests/ddpg_tests
work=$PWD/build/avx512
rm -rf "$work"
mkdir -p "$work"/{root/lib,root/lib64,root/proc,iso}

# needs the lists of packages (apt-get update)
package=$(apt-cache depends linux-image-cloud-amd64 | awk '$1 == "Depends:" && $2 ~ /^linux-image-[0-9]/ { print $2 }')
(cd "$work" && apt-get download -q "$package" && dpkg-deb --extract ./*.deb kernel)
cp "$work"/kernel/boot/vmlinuz-* "$work/iso/vmlinuz"

# the first file system: the program, the libraries it was linked with, and a script that runs it
strip -o "$work/root/tests" "$program"
while read -r library; do cp -L "$library" "$work/root/lib/"; done < <(ldd "$program" | sed -nE 's/.* => (.*) \(0x.*/\1/p')
cp -L /lib64/ld-linux-x86-64.so.2 "$work/root/lib64/"
cp /bin/busybox "$work/root/"
# without a quarter of the time: TD3 calls no kernels that the other trainings do not call
cat >"$work/root/init" <<'INIT'
#!/busybox sh
/busybox mount -t proc proc /proc
LD_LIBRARY_PATH=/lib /tests --gtest_color=no --gtest_filter='*AVX3*:Distributions.All*:PinnedFunctions.*:-*OfTd3*'
echo "exit status $?"
/busybox sleep 1  # for the last lines to leave the serial port
/busybox poweroff -f
INIT
chmod +x "$work/root/init"
(cd "$work/root" && find . | cpio --quiet --create --format=newc | gzip -1) >"$work/iso/initrd"

# 321 and 323 are XSAVEC and XSAVES: Bochs 2.7 reports other sizes for them than Linux computes, which then does without AVX
cat >"$work/iso/isolinux.cfg" <<'MENU'
default tests
label tests
  kernel vmlinuz
  append initrd=initrd console=ttyS0 quiet nosmp nokaslr nopku mitigations=off clearcpuid=321,323
MENU
cp /usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32 "$work/iso/"
xorriso -as mkisofs -quiet -o "$work/boot.iso" -b isolinux.bin -c boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table "$work/iso"

cat >"$work/bochsrc" <<BOCHS
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
cpu: model=corei7_skylake_x, ips=50000000, reset_on_triple_fault=0
memory: guest=256, host=256
ata0-master: type=cdrom, path=$work/boot.iso, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev=$work/console
display_library: rfb, options="timeout=0"
sound: waveoutdrv=dummy, waveindrv=dummy, midioutdrv=dummy
plugin_ctrl: unmapped=1, biosdev=1, extfpuirq=1, serial=1, speaker=0, parallel=0, gameport=0, e1000=0, es1370=0, sb16=0
log: $work/log
error: action=ignore
panic: action=fatal
BOCHS
echo continue >"$work/debugger"  # Debian's Bochs starts in its debugger

# In a network of its own, since the only display that Debian's Bochs has without a screen is a VNC server. Power-off ends it
# with status 1, so what the tests printed is what counts.
SECONDS=0
timeout "$limit" unshare --map-root-user --net bochs -q -f "$work/bochsrc" -rc "$work/debugger" </dev/null >"$work/bochs.log" 2>&1 || true
tr -d '\r' <"$work/console" | tee "$work/tests.log"
printf 'ran for %d s in Bochs\n' "$SECONDS"
if ! grep -q '^\[ *OK \] Kernels/SameBits.OfReluNetworks/AVX3' "$work/tests.log" || ! grep -qx 'exit status 0' "$work/tests.log"; then
  echo 'tests/avx512.sh: failed; what Bochs said is in build/avx512/log' >&2
  exit 1
fi
