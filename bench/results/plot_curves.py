#!/usr/bin/env python3
"""Draws the learning curve of several runs as one SVG: the mean over the seeds of the test return, and the band from worst to best.

    bench/results/plot_curves.py --title "Pendulum-v1, default preset" --out docs/images/pendulum.svg RUN...

Reads RUN/progress.csv, or RUN itself if it is such a file; needs nothing but Python's standard library. `bench/results/table pages` draws ours
and other implementations' curves by it, side by side.
"""
import argparse
import csv
import html
import math
import pathlib

WIDTH, HEIGHT = 720, 320
LEFT, RIGHT, TOP, BOTTOM = 64, 36, 40, 44
COLOURS = ["#2a78d6", "#c8551b", "#2f8f5b"]


def curve(run):
    """{step: mean test return} of one run."""
    run = pathlib.Path(run)
    with open(run / "progress.csv" if run.is_dir() else run, newline="") as file:
        return {int(row["step"]): float(row["evaluation_mean_return"]) for row in csv.DictReader(file) if row["evaluation_mean_return"]}


def named_curve(run):
    try:
        return curve(run)
    except KeyError as error:
        raise ValueError(f"{run} lacks the column {error}") from error
    except ValueError as error:
        raise ValueError(f"{run}: {error}") from error


def ticks(low, high, count=6):
    """Round numbers that cover [low, high]."""
    raw = (high - low) / count
    unit = 10 ** math.floor(math.log10(raw))
    step = next(unit * m for m in (1, 2, 2.5, 5, 10) if unit * m >= raw)
    first = math.ceil(low / step)
    return [step * i for i in range(first, math.floor(high / step) + 1)]


def draw(groups, title):
    """The picture of {name: curves of its seeds}; a name is shown where there are several."""
    rows = {}
    for name, curves in groups.items():
        rows[name] = {s: [c[s] for c in curves] for s in sorted(set.intersection(*(set(c) for c in curves)))}
        if not rows[name]:
            raise ValueError(f"{name or 'the runs'}: no step at which every seed was tested")
    steps = [s for of in rows.values() for s in of]
    values = [v for of in rows.values() for seeds in of.values() for v in seeds]
    if not all(map(math.isfinite, values)):
        raise ValueError(f"{title}: a return is not finite")
    first, last, low, high = min(steps), max(steps), min(values), max(values)
    last = max(last, first + 1)
    room = 0.04 * (high - low) or 0.04 * abs(high) or 1
    low, high = low - room, high + room

    def x(step):
        return LEFT + (WIDTH - LEFT - RIGHT) * (step - first) / (last - first)

    def y(value):
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low)

    def points(pairs):
        return " ".join(f"{x(s):.1f},{y(v):.1f}" for s, v in pairs)

    def seeds(name):
        return f"{len(groups[name])} seed{'s' if len(groups[name]) > 1 else ''}"

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        "<style>text{fill:#333}.axis{stroke:#8886;stroke-width:1}.band{opacity:.2}.mean{fill:none;stroke-width:2}"
        "@media(prefers-color-scheme:dark){text{fill:#ccc}}</style>",
        f'<text x="{LEFT}" y="20" font-size="14">{html.escape(title)}</text>',
    ]
    for tick in ticks(low, high):
        out.append(f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(tick):.1f}" y2="{y(tick):.1f}"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:,.10g}</text>')
    for tick in ticks(first, last):
        out.append(f'<text x="{x(tick):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{tick:,.0f}</text>')
    for place, (name, of) in enumerate(rows.items()):
        band = [(s, min(r)) for s, r in of.items()] + [(s, max(r)) for s, r in reversed(of.items())]
        out.append(f'<polygon class="band" fill="{COLOURS[place]}" points="{points(band)}"/>')
        out.append(f'<polyline class="mean" stroke="{COLOURS[place]}" points="{points((s, sum(r) / len(r)) for s, r in of.items())}"/>')
        if len(rows) > 1:
            out.append(f'<text x="{LEFT + 10}" y="{TOP + 16 + 18 * place}" style="fill:{COLOURS[place]}">{html.escape(name)}, {seeds(name)}</text>')
    several = "mean over seeds" if len(rows) > 1 else f"mean of {seeds(next(iter(groups)))}"
    out += [
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">environment steps</text>',
        f'<text x="{WIDTH - RIGHT}" y="20" text-anchor="end">{several}, band from worst to best</text>',
        "</svg>",
    ]
    return "\n".join(out) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="+")
    parser.add_argument("--title", required=True)
    parser.add_argument("--out", required=True)
    arguments = parser.parse_args()
    try:
        pathlib.Path(arguments.out).write_text(draw({"": [named_curve(run) for run in arguments.runs]}, arguments.title))
    except (OSError, ValueError) as error:
        raise SystemExit(f"plot_curves: {error}") from error


if __name__ == "__main__":
    main()
