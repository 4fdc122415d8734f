"""Values of a program as text, without running anything of the program."""

from __future__ import annotations

from collections.abc import Iterable

MAX_CHARACTERS = 200
"""Of a value."""
MAX_DEPTH = 4
PLAIN = frozenset(map(id, (int, float, complex, bool, type(None), str, bytes)))
"""By identity: a class of the program could have its own idea of what is equal to it."""
BRACKETS = {
    id(list): ("[", "]"),
    id(tuple): ("(", ")"),
    id(set): ("{", "}"),
    id(frozenset): ("{", "}"),
}


def show(value: object, depth: int = 0) -> str:
    """A value as text, as `repr` does for plain ones, cut where it is long or deep.

    Members of sets stand in the order of their texts, so that no hash seed shows.
    """
    kind = type(value)
    if id(kind) in PLAIN:
        return _cut(_plain(value))
    if depth >= MAX_DEPTH:
        return "..."
    if kind is dict:
        pairs = _enough((show(k, depth + 1), show(v, depth + 1)) for k, v in value.items())  # type: ignore[attr-defined]
        return _cut("{" + ", ".join(f"{key}: {member}" for key, member in pairs) + "}")
    if id(kind) in BRACKETS:
        return _cut(_members(value, depth))  # type: ignore[arg-type]
    if kind is range:
        return repr(value)
    if issubclass(kind, BaseException):
        return _cut(_name(kind) + show(BaseException.args.__get__(value), depth + 1))  # type: ignore[attr-defined]
    fields = _fields(value)
    if fields is None:
        return f"<{_name(kind)}>"
    pairs = _enough(
        (name if type(name) is str else "?", show(member, depth + 1))
        for name, member in fields.items()
    )
    return _cut(f"{_name(kind)}({', '.join(f'{name}={text}' for name, text in pairs)})")


def _name(kind: type) -> str:
    name: str = type.__dict__["__name__"].__get__(kind)  # whatever its metaclass says
    return name


def _plain(value: object) -> str:
    if isinstance(value, str | bytes):
        return repr(value[: MAX_CHARACTERS + 1])
    if isinstance(value, int) and value.bit_length() > 4 * MAX_CHARACTERS:
        return f"<int of {value.bit_length()} bits>"  # its digits would take long
    return repr(value)


def _members(value: Iterable[object], depth: int) -> str:
    kind = type(value)
    first, last = BRACKETS[id(kind)]
    if kind in (set, frozenset):
        if len(value) > MAX_CHARACTERS:  # type: ignore[arg-type]  # which come first hangs on hashes
            return f"<{kind.__name__} of {len(value)} members>"  # type: ignore[arg-type]
        texts = sorted(show(member, depth + 1) for member in value)
    else:
        texts = [row[0] for row in _enough((show(member, depth + 1),) for member in value)]
    inner = ", ".join(texts)
    if kind is tuple and len(texts) == 1:
        inner += ","
    if kind is set:
        return f"{first}{inner}{last}" if texts else "set()"
    if kind is frozenset:
        return f"frozenset({first}{inner}{last})" if texts else "frozenset()"
    return f"{first}{inner}{last}"


def _enough(texts: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """As many as can be seen of them."""
    found, length = [], 0
    for text in texts:
        if length > MAX_CHARACTERS:
            break
        found.append(text)
        length += sum(map(len, text))
    return found


def _fields(value: object) -> dict[str, object] | None:
    """The attributes of an object, looked up without running any code of its class."""
    try:
        fields = object.__getattribute__(value, "__dict__")
    except (AttributeError, TypeError):
        return None
    return fields if type(fields) is dict else None


def _cut(text: str) -> str:
    return text if len(text) <= MAX_CHARACTERS else text[:MAX_CHARACTERS] + "..."
