"""Literals of answers, parsed once: many samples of one question give the same answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from codeoutpred.protocols import Language

_KEPT = 8_192
"""How many texts are kept parsed."""
_LONGEST_KEPT = 1_000
"""Characters of a text that is kept parsed."""


def parsed(language: Language, text: str) -> tuple[Any] | None:
    """The value in a tuple (it may itself be None), or None where the text is no literal.

    A value is shared by all who ask for it: nobody may change it.
    """
    parse = _parse if len(text) > _LONGEST_KEPT else parse_again
    return parse(language.parse_literal, text)


def _parse(parse_literal: Callable[[str], Any], text: str) -> tuple[Any] | None:
    try:
        return (parse_literal(text),)
    except (ValueError, RecursionError, MemoryError):  # the latter two: absurd nesting
        return None


parse_again = lru_cache(maxsize=_KEPT)(_parse)
"""Short texts, kept."""
