"""Where two values of one type differ, in words: `same list, third element differs: …`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from codeoutpred.protocols import Language
from codeoutpred.verification.judging import short

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_DEPTH = 8
_LONGEST = 1_000
"""Elements or characters that are looked at; beyond it the two texts must do."""


def describe_difference(language: Language, expected: Any, answer: Any) -> str:
    """What tells two different values of one type apart; empty where there is nothing to add.

    Looks into lists, tuples, sets, dictionaries and strings of Python, and into the values of
    other languages as far as those say their type and members.
    """
    return _difference(language, expected, answer, 0)


def _difference(language: Language, expected: Any, answer: Any, depth: int) -> str:
    if depth > _DEPTH:
        return ""
    if isinstance(expected, str) and isinstance(answer, str):
        return _strings(expected, answer)
    match _members(expected), _members(answer):
        case None, None:
            pass
        case list(wanted), list(given):
            return _sequences(language, expected, (wanted, given), depth)
        case dict(wanted), dict(given):
            return _mappings(language, expected, (wanted, given), depth)
        case set(wanted), set(given):
            return _sets(language, expected, wanted, given)
    wanted_text, given_text = (getattr(value, "content", value) for value in (expected, answer))
    if isinstance(wanted_text, str) and isinstance(given_text, str):
        return _strings(wanted_text, given_text)
    return ""


def _members(value: Any) -> list[Any] | dict[str, Any] | set[Any] | None:
    if isinstance(value, dict):
        return value
    if isinstance(value, list | tuple):
        return list(value)
    if isinstance(value, set | frozenset):
        return set(value)
    return getattr(value, "members", None)


def _sequences(
    language: Language, expected: Any, pair: tuple[list[Any], list[Any]], depth: int
) -> str:
    name = language.literal_type(expected)
    wanted, given = pair
    at = next(_differing(language, wanted, given), None)
    if len(wanted) != len(given):
        return f"{name} of {_count(len(wanted), 'element')} expected, got {len(given)}"
    if at is None:
        return ""
    inner = _inner(language, wanted[at], given[at], depth)
    return f"same {name}, {_ordinal(at)} element differs: {inner}"


def _mappings(
    language: Language, expected: Any, pair: tuple[dict[Any, Any], dict[Any, Any]], depth: int
) -> str:
    name = language.literal_type(expected)
    wanted, given = pair
    missing = [key for key in wanted if key not in given]
    extra = [key for key in given if key not in wanted]
    if missing:
        return f"{name} lacks key {_text(language, missing[0])}"
    if extra:
        return f"{name} has a key that is not expected: {_text(language, extra[0])}"
    for key in list(wanted)[:_LONGEST]:
        if not language.values_equal(wanted[key], given[key]):
            inner = _inner(language, wanted[key], given[key], depth)
            return f"same {name}, value of key {_text(language, key)} differs: {inner}"
    return ""


def _sets(language: Language, expected: Any, wanted: set[Any], given: set[Any]) -> str:
    name = language.literal_type(expected)
    missing, extra = wanted - given, given - wanted
    if missing:
        return f"{name} lacks {_text(language, next(iter(missing)))}"
    return f"{name} has {_text(language, next(iter(extra)))}, not expected" if extra else ""


def _strings(expected: str, answer: str) -> str:
    if answer == expected[: len(answer)] or len(expected) != len(answer):
        lengths = f"{_count(len(expected), 'character')} expected, got {len(answer)}"
    else:
        lengths = "same length"
    pairs = zip(expected[:_LONGEST], answer[:_LONGEST])
    at = next((i for i, (one, other) in enumerate(pairs) if one != other), None)
    if at is None:
        return f"strings differ: {lengths}"
    shown = f"{expected[at]!r}, got {answer[at]!r}"
    return f"strings differ from the {_ordinal(at)} character on: expected {shown} ({lengths})"


def _inner(language: Language, wanted: Any, given: Any, depth: int) -> str:
    one, other = language.literal_type(wanted), language.literal_type(given)
    if one == other:
        deeper = _difference(language, wanted, given, depth + 1)
        return deeper or f"expected {_text(language, wanted)}, got {_text(language, given)}"
    return f"expected {one} {_text(language, wanted)}, got {other} {_text(language, given)}"


def _differing(language: Language, wanted: Sequence[Any], given: Sequence[Any]) -> Iterator[int]:
    for at, (one, other) in enumerate(zip(wanted[:_LONGEST], given)):
        if not language.values_equal(one, other):
            yield at


def _text(language: Language, value: Any) -> str:
    return short(language.render_literal(value))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _ordinal(at: int) -> str:
    if at < len(_ORDINALS):
        return _ORDINALS[at]
    number = at + 1
    ending = (
        "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return f"{number}{ending}"
