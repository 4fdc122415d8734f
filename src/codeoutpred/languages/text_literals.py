"""Literals of a language that nothing here can parse: plain text, equal where it is the same.

>>> parse_literal("\\n{ a: 1 }\\n"), literal_type("{ a: 1 }")
('{ a: 1 }', 'text')
>>> find_literals("x = -1.5 + f('a', 0x1F)")
['-1.5', "'a'", '0x1F']
"""

from __future__ import annotations

import re

_LITERAL = re.compile(
    r"""
    "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'
    | (?: (?<![\w.)\]]) - )?  # a sign, not a subtraction
      (?<![\w.]) (?: 0[xX][0-9a-fA-F]+ | 0[bB][01]+ | (?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)? )
      [nNlLuUfF]* (?!\w)
    """,
    re.VERBOSE,
)


def parse_literal(text: str) -> str:
    """The text without the newlines around it; `ValueError` where nothing stands there."""
    text = text.strip("\r\n")
    if not text.strip():
        raise ValueError("an empty text is no literal")
    return text


def render_literal(value: str) -> str:
    """The text itself."""
    return value


def literal_type(value: str) -> str:
    """Always `text`."""
    return "text"


def values_equal(one: str, other: str) -> bool:
    """Whether two texts are the same."""
    return one == other


def fingerprint(source: str) -> str:
    """The source with blank space collapsed: names and comments still count."""
    return " ".join(source.split())


def find_literals(source: str) -> list[str]:
    """Numbers and quoted texts in order of appearance, wherever they stand."""
    return _LITERAL.findall(source)
