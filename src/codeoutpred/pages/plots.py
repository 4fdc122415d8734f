"""Bars as inline SVG, in the colours of the page, readable on a narrow screen.

Widths are per cent and heights pixels, so that a chart fits any width and its text keeps its size.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from codeoutpred.pages.markup import safe

_ROW, _TEXT, _BAR = 34, 14, 8  # pixels: from row to row, down to the text's line, of a bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A bar for each row of a label and a number of at least 0, the longest as wide as can be."""

    title: str
    rows: tuple[tuple[str, float], ...]
    note: str = ""

    def html(self) -> str:
        """The chart as a figure; every text in it is escaped."""
        longest = max((value for _, value in self.rows), default=0) or 1
        rows = "\n".join(
            f'<text y="{at * _ROW + _TEXT}">{safe(label)}</text>'
            f'<text x="100%" y="{at * _ROW + _TEXT}" text-anchor="end">{value:,g}</text>'
            f'<rect y="{at * _ROW + _TEXT + 6}" width="{100 * value / longest:.2f}%" '
            f'height="{_BAR}" rx="2"/>'
            for at, (label, value) in enumerate(self.rows)
        )
        note = f"\n<p>{safe(self.note)}</p>" if self.note else ""
        return (
            f"<figure>\n<figcaption>{safe(self.title)}</figcaption>\n"
            f'<svg class="bars" role="img" width="100%" height="{len(self.rows) * _ROW}" '
            'fill="currentColor">\n'
            f"<title>{safe(self.title)}</title>\n{rows}\n</svg>{note}\n</figure>"
        )


def binned(counts: Mapping[int, int], *, most: int = 12) -> tuple[tuple[str, int], ...]:
    """A histogram of whole numbers (number -> how often) in at most `most` bins of equal width.

    The width is 1, 2 or 5 times a power of ten; empty bins between others are kept.
    """
    if not counts:
        return ()
    low, high = min(counts), max(counts)
    widths = (digit * 10**power for power in count() for digit in (1, 2, 5))
    width = next(width for width in widths if high // width - low // width < most)
    bins = dict.fromkeys(range(low // width, high // width + 1), 0)
    for value, times in counts.items():
        bins[value // width] += times
    return tuple((_label(at * width, width), times) for at, times in bins.items())


def _label(first: int, width: int) -> str:
    return str(first) if width == 1 else f"{first} to {first + width - 1}"
