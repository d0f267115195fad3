"""Prints the golden values of tests/support/random_test.cpp: random streams written a second time, in Python's integers."""
import math

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


def mix(z):
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
    return z ^ (z >> 31)


def fnv1a(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 & MASK
    return value


def rotate(x, k):
    return (x << k | x >> (64 - k)) & MASK


class Stream:
    def __init__(self, seed, name="", index=0):
        start = mix(seed + GOLDEN & MASK)
        start = mix((start ^ fnv1a(name)) + GOLDEN & MASK)
        start = mix((start ^ index) + GOLDEN & MASK)
        self.s = [mix(start + (i + 1) * GOLDEN & MASK) for i in range(4)]

    def bits(self):
        s = self.s
        result = (rotate(s[0] + s[3] & MASK, 23) + s[0]) & MASK
        t = s[1] << 17 & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotate(s[3], 45)
        return result

    def uniform(self):
        return (self.bits() >> 11) * 2.0**-53

    def normal(self):
        u = self.uniform()
        return math.sqrt(-2 * math.log(1 - u)) * math.cos(2 * math.pi * self.uniform())

    def below(self, bound):
        while True:
            product = self.bits() * bound
            if (product & MASK) >= (1 << 64) % bound:
                return product >> 64


def main():
    for arguments in ((0,), (1, "replay"), (1, "environment", 7), (MASK, "noise", MASK)):
        stream = Stream(*arguments)
        print(arguments, "bits:", ", ".join(f"0x{stream.bits():016x}" for _ in range(4)))
    stream = Stream(42, "golden")
    print("uniform:", ", ".join(repr(stream.uniform()) for _ in range(4)))
    print("normal:", ", ".join(repr(stream.normal()) for _ in range(4)))
    print("below(10):", ", ".join(str(stream.below(10)) for _ in range(8)))
    stream, bound = Stream(42, "below"), 3 << 62  # at this bound a quarter of the draws is refused
    print("below(3 << 62):", ", ".join(str(stream.below(bound)) for _ in range(8)), "then", hex(stream.bits()))


if __name__ == "__main__":
    main()
