"""Source text to tokens, for languages written with braces: enough to tell names from the rest.

>>> [token.text for token in tokens("f(a) // one", Lexis(keywords=frozenset()))]
['f', '(', 'a', ')']
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

TokenKind = Literal["name", "keyword", "number", "string", "sign"]


class Token(NamedTuple):
    """A word or sign of a source. What stands in single quotes there is in double quotes here."""

    kind: TokenKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexis:
    """The words of a language, and what it has beside the strings and signs that all have.

    `standard` are the names that programs use and do not define, `shown` those of them that print
    their arguments. `templates` are strings in backticks, with expressions in them; `object_keys`
    says that `name:` after a brace or a comma is no name of the program; `captures` that `{name}`
    in a string is one.
    """

    keywords: frozenset[str]
    standard: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    templates: bool = False
    regular_expressions: bool = False
    raw_strings_and_lifetimes: bool = False
    object_keys: bool = False
    captures: bool = False
    optional_semicolons: bool = False


_SPACE = r"(?P<space>\s+|//[^\n]*|/\*.*?(?:\*/|\Z))"
_RAW = r"(?P<verbatim>\bb?r(?P<hashes>\#*)\".*?\"(?P=hashes)|b?'(?:\\[^\n']+|\\'|[^\\'\n])')"
_LIFETIME = r"(?P<lifetime>'\w+)"
_STRING = r"(?P<string>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
_REGULAR = r"(?P<verbatim>/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/\w*)"
_NUMBER = r"(?P<number>\d(?:(?<=[eE])[+-]|\w|\.(?=\d))*|\.\d+(?:[eE][+-]?\d+)?)"
_NAME = r"(?P<name>[^\W\d][\w$]*|[$#][\w$]+)"
_SIGN = (
    r"(?P<sign>=>|->|::|\?\.|\.\.[.=]?|[=!]==?|&&=?|\|\|=?|\?\?=?|\*\*=?|>>=|<<=?|[-+*/%&|^<>]=|.)"
)

_PLAIN, _AFTER_SIGN, _WITH_LIFETIMES = (
    re.compile("|".join(parts), re.DOTALL)
    for parts in (
        (_SPACE, _STRING, _NUMBER, _NAME, _SIGN),
        (_SPACE, _STRING, _REGULAR, _NUMBER, _NAME, _SIGN),
        (_SPACE, _RAW, _LIFETIME, _STRING, _NUMBER, _NAME, _SIGN),
    )
)


def tokens(source: str, lexis: Lexis) -> Iterator[Token]:
    """The tokens of any text; comments and blank space are left out."""
    return _Scanner(source, lexis).tokens()


class _Scanner:
    """Reads `source` from `at` on."""

    def __init__(self, source: str, lexis: Lexis) -> None:
        self._source = source
        self._lexis = lexis
        self._at = 0

    def tokens(self, *, nested: bool = False) -> Iterator[Token]:
        """The tokens to the end, or to the brace that ends a `nested` expression."""
        last = Token("sign", "")
        depth = 0
        while self._at < len(self._source):
            if self._lexis.templates and self._source[self._at] == "`":
                yield from self._template()
                last = Token("string", "")
                continue
            match = self._pattern_after(last).match(self._source, self._at)
            assert match is not None, "a sign is any character"
            self._at = match.end()
            if match.lastgroup == "space":
                continue
            last = self._token(match)
            depth += (last.text == "{") - (last.text == "}")
            if nested and depth < 0:
                return
            yield last

    def _pattern_after(self, last: Token) -> re.Pattern[str]:
        if self._lexis.raw_strings_and_lifetimes:
            return _WITH_LIFETIMES
        # A slash divides what has a value, and starts a regular expression elsewhere.
        divides = last.kind in ("name", "number", "string") or last.text in (")", "]", "}")
        return _AFTER_SIGN if self._lexis.regular_expressions and not divides else _PLAIN

    def _token(self, match: re.Match[str]) -> Token:
        text = match.group()
        if match.lastgroup == "name":
            return Token("keyword" if text in self._lexis.keywords else "name", text)
        if match.lastgroup == "string":
            return Token("string", _in_double_quotes(text))
        if match.lastgroup == "number":
            return Token("number", text)
        return Token("string" if match.lastgroup in ("verbatim", "hashes") else "sign", text)

    def _template(self) -> Iterator[Token]:
        """The texts of a template, and the tokens of its expressions between them."""
        start = self._at = self._at + 1
        while self._at < len(self._source):
            if self._source[self._at] == "`":
                break
            if self._source.startswith("${", self._at):
                yield Token("string", f"`{self._source[start : self._at]}`")
                self._at += 2
                yield from self.tokens(nested=True)
                start = self._at
            else:
                self._at += 1 + (self._source[self._at] == "\\")
        yield Token("string", f"`{self._source[start : self._at]}`")
        self._at += 1


def _in_double_quotes(text: str) -> str:
    if text[0] == '"':
        return text
    return '"' + text[1:-1].replace("\\'", "'").replace('\\"', '"').replace('"', '\\"') + '"'
