"""Values of other languages with one thing changed."""

from __future__ import annotations

import math
from collections.abc import Iterator

from codeoutpred.languages.literal_values import PAIRED, Value


def changed(value: Value) -> Iterator[Value]:
    """All that differ from the value in one place: a number, a letter, a member that is gone."""
    content = value.content
    match content:
        case bool():
            yield Value(value.type, not content)
        case float() if math.isfinite(content):
            yield Value(value.type, -content)  # of zero, too
            yield Value(value.type, math.nextafter(content, math.inf))
        case int():
            yield Value(value.type, content + 1)
        case str() if value.type == "string":
            yield Value(value.type, f"{content} ")
            yield Value(value.type, f"x{content[1:]}" if content[:1] != "x" else content[1:])
        case tuple():
            for at, member in enumerate(content):
                before, after = content[:at], content[at + 1 :]
                yield Value(value.type, (*before, *after), value.name)
                for other in _changed_member(value, member):
                    yield Value(value.type, (*before, other, *after), value.name)


def _changed_member(value: Value, member: object) -> Iterator[object]:
    if value.type in PAIRED:
        key, item = member
        yield from ((key, other) for other in changed(item))
    else:
        yield from changed(member)
