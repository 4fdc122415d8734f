"""What the literals of a language are tested with, and what helps to draw them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from hypothesis.strategies import SearchStrategy

from codeoutpred.languages.literal_values import Value
from codeoutpred.protocols import Language

Render = Callable[[Value], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralCases:
    """`literals` draws values, `alphabet` holds what literals are made of; `equal` are pairs of
    texts of one value, `different` texts of one value each, `no_literals` texts of none."""

    language: Language
    literals: SearchStrategy[Value]
    alphabet: str
    equal: Sequence[tuple[str, str]]
    different: Sequence[str]
    no_literals: Sequence[str]


def unique(render: Render, values: Iterable[Value]) -> tuple[Value, ...]:
    return tuple({render(value): value for value in values}.values())


def unique_keys(
    render: Render, pairs: Iterable[tuple[Value, Value]]
) -> tuple[tuple[Value, Value], ...]:
    """NaN is one key, however often it is set."""
    return tuple({render(key): (key, value) for key, value in pairs}.values())
