"""The charts of the evaluation report as inline SVG: no script, nothing loaded.

Lengths are in pixels of the SVG's own view box; it scales with the page.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

WIDTH = 860
LEFT = 150  # room for names
RIGHT = 60
COLOURS = ("#1f6f5c", "#8c9aa8", "#c7a04a", "#7f6bb0", "#b06b6b", "#5b8fb0")


@dataclass(frozen=True, slots=True)
class Bar:
    """A rate with its interval, as fractions."""

    series: str
    value: float
    low: float
    high: float


def rate_chart(groups: Mapping[str, Sequence[Bar]], title: str) -> str:
    """Horizontal bars from 0 to 100%, one group a name, each bar with its interval."""
    thick, gap, top = 9, 10, 34
    heights = [len(bars) * thick + gap for bars in groups.values()]
    root = _canvas(top + sum(heights) + 24, title)
    _legend(root, list(dict.fromkeys(bar.series for bars in groups.values() for bar in bars)))
    span = WIDTH - LEFT - RIGHT
    _axis(
        root, top, top + sum(heights), {f"{p}%": LEFT + span * p / 100 for p in range(0, 101, 25)}
    )
    y = float(top)
    for (name, bars), height in zip(groups.items(), heights, strict=True):
        _text(root, LEFT - 8, y + (height - gap) / 2 + 4, name, anchor="end")
        for number, bar in enumerate(bars):
            at = y + number * thick
            colour = COLOURS[number % len(COLOURS)]
            box = {"x": LEFT, "y": at, "width": span * bar.value, "height": thick - 2}
            mark = _add(root, "rect", box, fill=colour)
            SubElement(mark, "title").text = f"{name} {bar.series} {bar.value:.1%}"
            line = {"x1": LEFT + span * bar.low, "x2": LEFT + span * bar.high}
            middle = at + thick / 2 - 1
            _add(root, "line", {**line, "y1": middle, "y2": middle}, stroke="#111", opacity="0.8")
        y += height
    return _done(root)


def time_chart(series: Mapping[str, Sequence[float]], title: str) -> str:
    """Each time (ms) a dot on a logarithmic axis, one row a series; median and p95 as strokes."""
    row, top = 44, 34
    kept = {name: sorted(t for t in times if t > 0) for name, times in series.items()}
    kept = {name: times for name, times in kept.items() if times}
    root = _canvas(top + row * len(kept) + 24, title)
    if not kept:
        return _done(root)
    low = math.floor(math.log10(min(times[0] for times in kept.values())))
    high = max(math.ceil(math.log10(max(times[-1] for times in kept.values()))), low + 1)

    def place(time: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (math.log10(time) - low) / (high - low)

    ticks = {f"{10.0**power:g} ms": place(10.0**power) for power in range(low, high + 1)}
    _axis(root, top, top + row * len(kept), ticks)
    for number, (name, times) in enumerate(kept.items()):
        middle = top + row * number + row / 2
        colour = COLOURS[number % len(COLOURS)]
        _text(root, LEFT - 8, middle + 4, name, anchor="end")
        for turn, time in enumerate(times):
            at = {"cx": place(time), "cy": middle + (turn * 7 % 17 - 8), "r": 2.5}
            _add(root, "circle", at, fill=colour, opacity="0.35")
        for share, width in ((0.5, 2.5), (0.95, 1.2)):
            time = times[min(len(times) - 1, int(share * len(times)))]
            line = {"x1": place(time), "x2": place(time), "y1": middle - 14, "y2": middle + 14}
            stroke = _add(root, "line", {**line, "stroke-width": width}, stroke="#222")
            words = "中位" if share == 0.5 else "p95"
            SubElement(stroke, "title").text = f"{name} {words} {time:.1f} ms"
    return _done(root)


def _canvas(height: float, title: str) -> Element:
    box = f"0 0 {WIDTH} {height:g}"
    root = Element("svg", {"viewBox": box, "role": "img", "aria-label": title})
    SubElement(root, "title").text = title
    return root


def _add(root: Element, tag: str, numbers: Mapping[str, float], **words: str) -> Element:
    return SubElement(root, tag, {k: f"{v:.1f}" for k, v in numbers.items()} | words)


def _text(root: Element, x: float, y: float, words: str, anchor: str = "start") -> None:
    place = {"x": x, "y": y, "font-size": 12}
    _add(root, "text", place, **{"text-anchor": anchor, "fill": "#333"}).text = words


def _axis(root: Element, top: float, bottom: float, ticks: Mapping[str, float]) -> None:
    for words, x in ticks.items():
        _add(root, "line", {"x1": x, "x2": x, "y1": top - 4, "y2": bottom}, stroke="#e3e6ea")
        _text(root, x, bottom + 16, words, anchor="middle")


def _legend(root: Element, names: Sequence[str]) -> None:
    x = float(LEFT)
    for number, name in enumerate(names):
        _add(root, "rect", {"x": x, "y": 8, "width": 11, "height": 11}, fill=COLOURS[number])
        _text(root, x + 16, 18, name)
        x += 40 + 13 * len(name)


def _done(root: Element) -> str:
    return tostring(root, encoding="unicode")
