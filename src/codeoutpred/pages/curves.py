"""Points and lines over two axes: how a training went, whether a confident model is right."""

from __future__ import annotations

import math
from dataclasses import dataclass

from codeoutpred.pages.charts import series_class, series_key
from codeoutpred.pages.markup import safe

Point = tuple[float, float]

_MOST = 400
"""The points of a line; of more, every nth is drawn, and the last."""
_DOTTED = 24
"""The points of a line that are marked each."""
_LEFT, _WIDTH, _TOP, _HEIGHT = 12, 84, 12, 210  # per cent, per cent, pixels, pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """A line for each series of finite points (x, y), x ascending; `diagonal` draws y = x.

    The axes span all points, or what `span` says: (least x, greatest x, least y, greatest y).
    """

    title: str
    x: str
    y: str
    series: tuple[tuple[str, tuple[Point, ...]], ...]
    span: tuple[float, float, float, float] | None = None
    diagonal: bool = False
    note: str = ""

    def html(self) -> str:
        """The chart as a figure; every text in it is escaped."""
        points = [point for _, line in self.series for point in line]
        if not points:
            return ""
        x0, x1, y0, y1 = self.span or (
            *(f(x for x, _ in points) for f in (min, max)),
            *(f(y for _, y in points) for f in (min, max)),
        )
        x1, y1 = x1 if x1 > x0 else x0 + 1, y1 if y1 > y0 else y0 + 1
        lines = "".join(
            f'<polyline class="{series_class(at)}" fill="none" stroke="currentColor" '
            'stroke-width="2" stroke-linejoin="round" vector-effect="non-scaling-stroke" points="'
            + " ".join(
                f"{100 * (x - x0) / (x1 - x0):.2f},{100 - 100 * (y - y0) / (y1 - y0):.2f}"
                for x, y in _thinned(line)
            )
            + '"/>'
            for at, (_, line) in enumerate(self.series)
        )
        if self.diagonal:
            lines = (
                '<line x1="0" y1="100" x2="100" y2="0" stroke="currentColor" stroke-opacity="0.4" '
                f'stroke-dasharray="4 4" vector-effect="non-scaling-stroke"/>{lines}'
            )
        dots = "".join(
            f'<circle class="{series_class(at)}" cx="{_LEFT + _WIDTH * (x - x0) / (x1 - x0):.2f}%" '
            f'cy="{_TOP + _HEIGHT * (1 - (y - y0) / (y1 - y0)):.1f}" r="4"/>'
            for at, (_, line) in enumerate(self.series)
            if len(line) <= _DOTTED
            for x, y in line
        )
        note = f"\n<p>{safe(self.note)}</p>" if self.note else ""
        return (
            f"<figure>\n<figcaption>{safe(self.title)}</figcaption>\n"
            f"{series_key(tuple(name for name, _ in self.series))}"
            f'<svg role="img" width="100%" height="{_TOP + _HEIGHT + 40}" fill="currentColor">'
            f"<title>{safe(self.title)}</title>{self._axes(x0, x1, y0, y1)}"
            f'<svg x="{_LEFT}%" y="{_TOP}" width="{_WIDTH}%" height="{_HEIGHT}" '
            f'viewBox="0 0 100 100" preserveAspectRatio="none">{lines}</svg>'
            f"{dots}</svg>{note}\n</figure>"
        )

    def _axes(self, x0: float, x1: float, y0: float, y1: float) -> str:
        drawn = []
        for y in _ticks(y0, y1):
            down = _TOP + _HEIGHT * (1 - (y - y0) / (y1 - y0))
            drawn.append(
                f'<line x1="{_LEFT}%" x2="{_LEFT + _WIDTH}%" y1="{down:.1f}" y2="{down:.1f}" '
                'stroke="currentColor" stroke-opacity="0.13"/>'
                f'<text x="{_LEFT - 1.5}%" y="{down + 4:.1f}" text-anchor="end">{y:g}</text>'
            )
        for x in _ticks(x0, x1):
            across = _LEFT + _WIDTH * (x - x0) / (x1 - x0)
            drawn.append(
                f'<text x="{across:.2f}%" y="{_TOP + _HEIGHT + 18}" text-anchor="middle">'
                f"{x:g}</text>"
            )
        middle = _LEFT + _WIDTH / 2
        drawn.append(
            f'<text x="{middle}%" y="{_TOP + _HEIGHT + 36}" text-anchor="middle">'
            f"{safe(f'{self.x} across, {self.y} upwards')}</text>"
        )
        return "".join(drawn)


def _thinned(line: tuple[Point, ...]) -> tuple[Point, ...]:
    step = -(-len(line) // _MOST)
    return line if step < 2 else (*line[:-1:step], line[-1])


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers between the two ends, at most six: 1, 2 or 5 times a power of ten apart."""
    power = 10.0 ** math.floor(math.log10(high - low))
    steps = (power * part for part in (0.1, 0.2, 0.5, 1, 2, 5))
    step = next(step for step in steps if (high - low) / step <= 5)
    first = math.ceil(low / step - 1e-9)
    return [round(at * step, 12) for at in range(first, math.floor(high / step + 1e-9) + 1)]
