"""Prints the polynomial coefficients and split constants of src/support/math.cpp. Needs mpmath.

Each polynomial is the one of least greatest error (Remez exchange, 60 digits) after dividing out the terms that the code adds
itself; then every coefficient is rounded to double. The error printed is that of the rounded polynomial, relative to the function.
"""
import mpmath as mp

mp.mp.dps = 60


def evaluate(coefficients, x):
    return sum(c * x**i for i, c in enumerate(coefficients))


def remez(f, weight, count, low, high):
    """The `count` coefficients of the polynomial p that makes the greatest weight * |f - p| on [low, high] least."""
    middle, half = (low + high) / 2, (high - low) / 2
    points = [middle - half * mp.cos(mp.pi * (2 * i + 1) / (2 * count + 2)) for i in range(count + 1)]
    grid = [middle - half * mp.cos(mp.pi * (i + mp.mpf(1) / 2) / 800) for i in range(800)]
    for _ in range(8):
        # the polynomial whose weighted error has the same size and alternating signs at the points
        rows = [[x**j for j in range(count)] + [(-1) ** i / weight(x)] for i, x in enumerate(points)]
        coefficients = mp.lu_solve(mp.matrix(rows), mp.matrix([f(x) for x in points]))[:count]
        # the points go to the extrema of that error, one between each two neighbouring changes of its sign
        errors = [(x, weight(x) * (f(x) - evaluate(coefficients, x))) for x in grid]
        extrema = [errors[0]]
        for x, error in errors[1:]:
            if mp.sign(error) != mp.sign(extrema[-1][1]):
                extrema.append((x, error))
            elif abs(error) > abs(extrema[-1][1]):
                extrema[-1] = (x, error)
        assert len(extrema) == count + 1, len(extrema)
        points = [x for x, _ in extrema]
    return coefficients, grid


def show(name, f, weight, relative, count, low, high):
    coefficients, grid = remez(f, weight, count, mp.mpf(low), mp.mpf(high))
    rounded = [mp.mpf(float(c)) for c in coefficients]
    error = max(abs(relative(x) * (f(x) - evaluate(rounded, x))) for x in grid)
    print(f"{name}: relative error 2^{float(mp.log(error, 2)):.1f}")
    for c in rounded:
        print(f"  {float(c).hex():>24}  {float(c)!r}")


def near_zero(f, terms):
    """f where it can be divided safely, its power series near 0 where it cannot."""
    return lambda x: f(x) if abs(x) > mp.mpf("1e-8") else evaluate(terms, x)


def split(name, value, bits):
    """value as a sum of doubles of which the first two have at most `bits` bits, so that small multiples of them are exact."""
    for part in (1, 2, 3):
        scale = mp.mpf(2) ** (bits - 1 - int(mp.floor(mp.log(abs(value), 2))))
        rounded = mp.nint(value * scale) / scale if part < 3 else mp.mpf(float(value))
        print(f"{name}, part {part}: {float(rounded).hex()} or, if the last, {float(value).hex()}")
        value -= rounded


F = mp.factorial
quarter = (mp.pi / 4 * mp.mpf("1.001")) ** 2
ratio = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1) * mp.mpf("1.001")) ** 2
half_log = mp.log(2) / 2 * mp.mpf("1.001")
tiny = mp.mpf("1e-30")

# in z = r^2: sin r = r + r z S(z)
sine_weight = lambda z: z * mp.sqrt(z) / mp.sin(mp.sqrt(z))
show("S", near_zero(lambda z: (mp.sin(mp.sqrt(z)) / mp.sqrt(z) - 1) / z, [-1 / F(3), 1 / F(5), -1 / F(7), 1 / F(9)]),
     sine_weight, sine_weight, 6, tiny, quarter)
# in z = r^2: cos r = 1 - z / 2 + z^2 C(z)
cosine_weight = lambda z: z * z / mp.cos(mp.sqrt(z))
show("C", near_zero(lambda z: (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2, [1 / F(4), -1 / F(6), 1 / F(8), -1 / F(10)]),
     cosine_weight, cosine_weight, 6, tiny, quarter)
# in z = s^2: log((1 + s) / (1 - s)) = 2 s + s z L(z)
show("L", near_zero(lambda z: 2 * (mp.atanh(mp.sqrt(z)) / mp.sqrt(z) - 1) / z, [2 / (3 + 2 * mp.mpf(i)) for i in range(5)]),
     lambda z: z / 2, lambda z: z / 2, 7, tiny, ratio)
# exp r = 1 + r + r^2 E(r); the error of E itself is fitted, since one relative to exp r vanishes inside the interval
show("E", near_zero(lambda x: (mp.exp(x) - 1 - x) / x**2, [1 / F(i + 2) for i in range(6)]),
     lambda x: mp.mpf(1), lambda x: x * x / mp.exp(x), 10, -half_log, half_log)

split("pi/2", mp.pi / 2, 36)
split("log 2", mp.log(2), 42)
print("2/pi", float(2 / mp.pi).hex(), " 1/log 2", float(1 / mp.log(2)).hex(), " 2 pi", float(2 * mp.pi).hex())
