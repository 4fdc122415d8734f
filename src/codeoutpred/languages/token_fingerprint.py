"""What stays of a program in a language with braces when it is renamed or reformatted.

    >>> fingerprint("let a = 1; // one", Lexis(keywords=frozenset({"let"})))
    'let _0 = 1 ;'

An approximation by tokens, where Python has a syntax tree. Two programs are told apart by more
than they should be where one has braces or parentheses that it can do without, and taken for one
where they differ only in names that neither defines and the language's list does not know.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from codeoutpred.languages.tokens import Lexis, Token, tokens

_ACCESS = frozenset({".", "?.", "::"})
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_TYPES = frozenset({"class", "struct", "enum", "impl", "trait", "interface"})
_MODIFIERS = frozenset({"pub", "static", "async", "get", "set", "fn", "const"})
_CAPTURE = re.compile(r"(?<!\{)\{([^\W\d]\w*)(?=[:}])")
_DEFINERS = frozenset({"fn", "function", "return", "let", "const", "var", "mut"})
_IDLE_SIGNS = frozenset("( ) { } ] , ; : -> => =".split())
_END = Token("sign", "")


def fingerprint(source: str, lexis: Lexis) -> str:
    """The tokens, with the names that the program defines numbered by their first appearance.

    A name is the program's own where it stands free and is not `standard`; after a dot, where a
    type of the program declares it. A name has one number wherever it stands. Commas before a
    closing bracket, parentheses around the one parameter of an arrow, and semicolons that a
    language can do without are left out.
    """
    try:
        found = _needed(tokens(source, lexis), lexis)
    except RecursionError:  # templates within templates
        return " ".join(source.split())
    places = _places(found, lexis)
    standing = {token.text for token, place in zip(found, places) if place == "free"}
    free = standing - lexis.standard - _imported(found)
    own = {"free": free, "member": _member_names(found), "key": frozenset[str]()}
    numbers: dict[str, str] = {}

    def numbered(name: str) -> str:
        return numbers.setdefault(name, f"_{len(numbers)}")

    words = []
    for token, place in zip(found, places):
        if place:
            words.append(numbered(token.text) if token.text in own[place] else token.text)
        elif token.kind == "string" and lexis.captures:
            words.append(
                _CAPTURE.sub(
                    lambda match: "{" + numbered(match[1]) if match[1] in free else match[0],
                    token.text,
                )
            )
        else:
            words.append(token.text)
    return " ".join(words)


def computes(source: str, lexis: Lexis) -> bool:
    """Whether a program does more than show or return its own literals or arguments.

    False where there is nothing but definitions, names, literals and calls of what shows them.
    """
    try:
        found = tokens(source, lexis)
    except RecursionError:
        return True
    return not all(
        _is_idle(before, token, after, lexis)
        for before, token, after in zip([_END, *found], found, [*found[1:], _END])
    )


def _is_idle(before: Token, token: Token, after: Token, lexis: Lexis) -> bool:
    follows_value = before.kind in ("name", "number", "string") or before.text in _CLOSING
    if token.kind == "keyword":
        return token.text in _DEFINERS
    if token.kind == "name":
        is_called = after.text == "(" and before.text not in ("fn", "function")
        return not is_called or token.text in lexis.shown
    if token.text == "-":
        return after.kind == "number" and not follows_value
    if token.text == ".":
        return after.text in lexis.shown
    if token.text == "!":  # of a macro, such as println!
        return before.kind == "name"
    if token.text in ("[", "&"):
        return not follows_value
    return token.kind != "sign" or token.text in _IDLE_SIGNS


def _needed(found: Sequence[Token], lexis: Lexis) -> list[Token]:
    """The tokens without those that only a formatter puts there."""
    texts = [token.text for token in found]
    spare = set()
    for at, text in enumerate(texts):
        if text == ",":
            if at + 1 < len(texts) and texts[at + 1] in _CLOSING:  # the last one
                spare.add(at)
        elif text == ";":
            if lexis.optional_semicolons:
                spare.add(at)
        elif text == "(" and texts[at + 2 : at + 4] == [")", "=>"]:  # around one parameter
            spare |= {at, at + 2}
    return [token for at, token in enumerate(found) if at not in spare] if spare else list(found)


def _places(found: Sequence[Token], lexis: Lexis) -> list[str]:
    """Where each name stands: `free`, as a `member` or as a `key`; empty for other tokens."""
    places = []
    before = _END
    for token, after in zip(found, [*found[1:], _END]):
        if token.kind != "name":
            places.append("")
        elif before.text in _ACCESS:
            places.append("member")
        elif lexis.object_keys and after.text == ":" and before.text in ("{", ","):
            places.append("key")
        else:
            places.append("free")
        before = token
    return places


def _imported(found: Sequence[Token]) -> set[str]:
    """The names between `use` and the semicolon, but for those given after `as`."""
    names: set[str] = set()
    inside = False
    before = _END
    for token in found:
        if token.text == "use" and token.kind == "keyword":
            inside = True
        elif token.text == ";":
            inside = False
        elif inside and token.kind == "name" and before.text != "as":
            names.add(token.text)
        before = token
    return names


def _member_names(found: Sequence[Token]) -> set[str]:
    """The names that the bodies of types declare, and those that follow `this.`."""
    names: set[str] = set()
    if not any(token.text in _TYPES or token.text == "this" for token in found):
        return names
    depth, bodies = 0, []  # the depths at which the bodies of types are open
    awaited = False  # a type was named, its body has not come yet
    for at, token in enumerate(found):
        before = found[at - 1] if at else _END
        if token.kind == "keyword" and token.text in _TYPES:
            awaited = True
        elif token.kind == "sign" and token.text in _OPENING:
            depth += 1
            if awaited and token.text == "{":
                bodies.append(depth)
                awaited = False
        elif token.kind == "sign" and token.text in _CLOSING:
            if bodies and bodies[-1] == depth:
                bodies.pop()
            depth -= 1
        elif token.text == ";":
            awaited = False
        elif token.kind == "name" and (
            (bodies and bodies[-1] == depth and _declares(before))
            or (before.text == "." and at > 1 and found[at - 2].text == "this")
        ):
            names.add(token.text)
    return names


def _declares(before: Token) -> bool:
    return before.text in ("{", "}", ",", ";", ")") or before.text in _MODIFIERS
