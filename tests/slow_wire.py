"""A wire between two network namespaces that takes its time and loses packets, for kernels without `tc netem` too: whatever the TUN device "wire" of
one is given comes out of that of the other, later or never.

    python3 tests/slow_wire.py NAMESPACE NAMESPACE MILLISECONDS PERCENT    until it is ended
"""
import contextlib
import ctypes
import fcntl
import heapq
import os
import random
import select
import struct
import sys
import time

TUNSETIFF = 0x400454CA  # linux/if_tun.h
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
CLONE_NEWNET = 0x40000000


def end_in(namespace):
    with open(f"/run/netns/{namespace}") as entrance:
        if ctypes.CDLL(None, use_errno=True).setns(entrance.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), namespace)
    end = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH22x", b"wire", IFF_TUN | IFF_NO_PI))
    return end


def main():
    ends, delay, loss, draw = [end_in(name) for name in sys.argv[1:3]], float(sys.argv[3]) / 1000, float(sys.argv[4]) / 100, random.Random(0)
    underway, count = [], 0
    while True:
        patience = None if not underway else max(0, underway[0][0] - time.monotonic())
        for end in select.select(ends, [], [], patience)[0]:
            packet, count = os.read(end, 65536), count + 1
            if draw.random() >= loss:
                heapq.heappush(underway, (time.monotonic() + delay, count, ends[1 - ends.index(end)], packet))
        while underway and underway[0][0] <= time.monotonic():
            end, packet = heapq.heappop(underway)[2:]
            with contextlib.suppress(OSError):  # while that end is not up yet a packet is lost, as others are
                os.write(end, packet)


if __name__ == "__main__":
    main()
