"""Numbers with their intervals as rows of dots or bars: a table whose middle column is drawn.

Whoever cannot see the drawing still reads a table. Drawn in per cent of the column's width, so
that it fits any window.
"""

from __future__ import annotations

from dataclasses import dataclass

from codeoutpred.pages.markup import safe

Interval = tuple[float | None, float | None, float | None]
"""A value and the ends of its interval, as far as they are known."""

_LINE = 15  # pixels of one series within a row
_TICKS = (0, 25, 50, 75, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyNumbers:
    """The few numbers to read first: (what, the number, a line below it)."""

    rows: tuple[tuple[str, str, str], ...]

    def html(self) -> str:
        """A list of terms; every text in it is escaped."""
        rows = "\n".join(
            f"<div><dt>{safe(what)}</dt><dd><strong>{safe(number)}</strong>"
            f"<small>{safe(below)}</small></dd></div>"
            for what, number, below in self.rows
        )
        return f'<dl class="numbers">\n{rows}\n</dl>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Shares in [0, 1] by row and series, as dots with intervals, or as bars.

    A row is a label, a note (how many) and an interval for each of `series`.
    """

    title: str
    series: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[Interval, ...]], ...]
    note: str = ""
    bars: bool = False

    def html(self) -> str:
        """The chart as a figure; every text in it is escaped."""
        rows = "\n".join(
            f'<tr><th scope="row">{safe(label)}</th><td class="n">{safe(many)}</td>'
            f'<td class="plot">{self._drawn(values)}</td>'
            f'<td class="value">{"<br>".join(map(_percent, values))}</td>'
            f'<td class="around">{"<br>".join(map(_ends, values))}</td></tr>'
            for label, many, values in self.rows
        )
        axis = "".join(
            f'<text x="{at}%" y="12" text-anchor="middle" fill="currentColor">{at}</text>'
            for at in _TICKS
        )
        note = f"\n<p>{safe(self.note)}</p>" if self.note else ""
        return (
            f"<figure>\n<figcaption>{safe(self.title)}</figcaption>\n{series_key(self.series)}"
            f'<table class="chart">\n<tbody>\n{rows}\n'
            f'<tr aria-hidden="true"><td></td><td class="n"></td><td class="plot">'
            f'<svg width="100%" height="16">{axis}</svg></td><td class="value">%</td>'
            "<td></td></tr>\n"
            f"</tbody>\n</table>{note}\n</figure>"
        )

    def _drawn(self, values: tuple[Interval, ...]) -> str:
        height = 12 + _LINE * len(values)
        grid = "".join(
            f'<line x1="{at}%" x2="{at}%" y1="0" y2="{height}" stroke="currentColor" '
            'stroke-opacity="0.13"/>'
            for at in _TICKS
        )
        marks = "".join(
            self._mark(at, value, 6 + _LINE * at + _LINE / 2) for at, value in enumerate(values)
        )
        return f'<svg width="100%" height="{height}" aria-hidden="true">{grid}{marks}</svg>'

    def _mark(self, at: int, interval: Interval, y: float) -> str:
        value, low, high = interval
        if value is None:
            return ""
        whisker = (
            ""
            if low is None or high is None
            else (
                f'<line x1="{100 * low:.2f}%" x2="{100 * high:.2f}%" y1="{y}" y2="{y}" '
                'stroke="currentColor" stroke-width="2" stroke-opacity="0.55"/>'
            )
        )
        if self.bars:
            drawn = (
                f'<rect width="{100 * value:.2f}%" y="{y - 4}" height="8" rx="1.5" '
                'fill="currentColor" fill-opacity="0.8"/>'
            )
        else:
            drawn = f"{whisker}{_dot(at, f'{100 * value:.2f}%', y)}"
        return f'<g class="{series_class(at)}">{drawn}</g>'


def series_class(at: int) -> str:
    """The class that gives a series its colour."""
    return f"s{at % 6 + 1}"


def series_key(series: tuple[str, ...]) -> str:
    """What each colour stands for; nothing where there is one series only."""
    if len(series) < 2:
        return ""
    items = "".join(
        f'<li class="{series_class(at)}"><svg width="12" height="12" aria-hidden="true">'
        f"{_dot(at, '6', 6)}</svg>{safe(name)}</li>"
        for at, name in enumerate(series)
    )
    return f'<ul class="key">{items}</ul>\n'


def _dot(at: int, x: str, y: float) -> str:
    """Every second series has hollow dots, so that colour is not all that tells them apart."""
    fill = "var(--paper, white)" if at % 2 else "currentColor"
    return (
        f'<circle cx="{x}" cy="{y}" r="4.5" fill="{fill}" stroke="currentColor" stroke-width="2"/>'
    )


def _percent(interval: Interval) -> str:
    return "–" if interval[0] is None else f"{100 * interval[0]:.1f}"


def _ends(interval: Interval) -> str:
    _, low, high = interval
    return "" if low is None or high is None else f"{100 * low:.0f}–{100 * high:.0f}"
