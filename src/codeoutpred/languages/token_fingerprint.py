"""What stays of a program in a language with braces when it is renamed or reformatted.

    >>> fingerprint("let a = 1; // one", Lexis(keywords=frozenset({"let"})))
    'let _0 = 1 ;'

An approximation by tokens, where Python has a syntax tree. Two programs are told apart by more
than they should be where one has braces or parentheses that it can do without, and taken for one
where they differ only in names that neither defines and the language's list does not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
        found = _needed(list(tokens(source, lexis)), lexis)
    except RecursionError:  # templates within templates
        return " ".join(source.split())
    free = _free_names(found, lexis)
    members = _member_names(found)
    numbers: dict[str, str] = {}

    def numbered(name: str) -> str:
        return numbers.setdefault(name, f"_{len(numbers)}")

    words = []
    for at, token in enumerate(found):
        if token.kind == "name":
            own = token.text in (members if _is_member(found, at) else free)
            own = own and not (lexis.object_keys and _is_key(found, at))
            words.append(numbered(token.text) if own else token.text)
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
        found = list(tokens(source, lexis))
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
        is_last_comma = text == "," and "".join(texts[at + 1 : at + 2]) in _CLOSING
        if is_last_comma or (text == ";" and lexis.optional_semicolons):
            spare.add(at)
        elif text == "(" and texts[at + 2 : at + 4] == [")", "=>"]:  # around one parameter
            spare |= {at, at + 2}
    return [token for at, token in enumerate(found) if at not in spare]


def _free_names(found: Sequence[Token], lexis: Lexis) -> set[str]:
    known = {*lexis.standard, *_imported(found)}
    return {
        token.text
        for at, token in enumerate(found)
        if token.kind == "name"
        and token.text not in known
        and not _is_member(found, at)
        and not (lexis.object_keys and _is_key(found, at))
    }


def _imported(found: Sequence[Token]) -> Iterator[str]:
    """The names between `use` and the semicolon, but for those given after `as`."""
    inside = False
    for before, token in zip([_END, *found], found):
        if token.text == "use" and token.kind == "keyword":
            inside = True
        elif token.text == ";":
            inside = False
        elif inside and token.kind == "name" and before.text != "as":
            yield token.text


def _member_names(found: Sequence[Token]) -> set[str]:
    """The names that the bodies of types declare, and those that follow `this.`."""
    names = set()
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


def _is_member(found: Sequence[Token], at: int) -> bool:
    return at > 0 and found[at - 1].text in _ACCESS


def _is_key(found: Sequence[Token], at: int) -> bool:
    return (
        0 < at < len(found) - 1 and found[at - 1].text in ("{", ",") and found[at + 1].text == ":"
    )
