"""Source text to tokens, for languages written with braces: enough to tell names from the rest.

>>> [token.text for token in tokens("f(a) // one", Lexis(keywords=frozenset()))]
['f', '(', 'a', ')']
"""

from __future__ import annotations

import re
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


_SPACE = r"(?:\s+|//[^\n]*|/\*.*?(?:\*/|\Z))*"
_RAW = r"(?P<verbatim>\bb?r(?P<hashes>\#*)\".*?\"(?P=hashes)|b?'(?:\\[^\n']+|\\'|[^\\'\n])')"
_LIFETIME = r"(?P<lifetime>'\w+)"
_STRING = r"(?P<string>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
_NUMBER = r"(?P<number>\d(?:(?<=[eE])[+-]|\w|\.(?=\d))*|\.\d+(?:[eE][+-]?\d+)?)"
_NAME = r"(?P<name>[^\W\d][\w$]*|[$#][\w$]+)"
_SIGN = (
    r"(?P<sign>=>|->|::|\?\.|\.\.[.=]?|[=!]==?|&&=?|\|\|=?|\?\?=?|\*\*=?|>>=|<<=?|[-+*/%&|^<>]=|.)"
)
_END = r"(?P<end>\Z)"

_PLAIN, _WITH_LIFETIMES = (
    re.compile(f"{_SPACE}(?:{'|'.join(parts)})", re.DOTALL)
    for parts in (
        (_STRING, _NUMBER, _NAME, _SIGN, _END),
        (_RAW, _LIFETIME, _STRING, _NUMBER, _NAME, _SIGN, _END),
    )
)
_REGULAR = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/\w*", re.DOTALL)
_TEMPLATE_TEXT = re.compile(r"(?:[^`\\$]+|\\(?:.|\Z)|\$(?!\{))*", re.DOTALL)
_PLAIN_SIGNS = {
    text: Token("sign", text)
    for text in "( ) [ ] , ; : . = => === !== == != < > <= >= + - * % += -= && || ! ? ?. ??".split()
}
"""Those that mean nothing more to the scanner, and are most of all."""


def tokens(source: str, lexis: Lexis) -> list[Token]:
    """The tokens of any text; comments and blank space are left out."""
    scanner = _Scanner(source, lexis)
    scanner.scan()
    return scanner.found


class _Scanner:
    """Reads `source` from `at` on."""

    def __init__(self, source: str, lexis: Lexis) -> None:
        self.found: list[Token] = []
        self._source = source
        self._lexis = lexis
        self._pattern = _WITH_LIFETIMES if lexis.raw_strings_and_lifetimes else _PLAIN
        self._at = 0

    def scan(self, *, nested: bool = False) -> None:
        """Find the tokens to the end, or to the brace that ends a `nested` expression."""
        add, keywords = self.found.append, self._lexis.keywords
        first = len(self.found)
        depth = 0
        while self._at < len(self._source):
            for match in self._pattern.finditer(self._source, self._at):
                group = match.lastgroup or "end"
                text = match[group]
                if group == "name":
                    add(Token("keyword" if text in keywords else "name", text))
                elif group == "sign" and text in _PLAIN_SIGNS:
                    add(_PLAIN_SIGNS[text])
                elif group == "number":
                    add(Token("number", text))
                elif group == "string":
                    add(Token("string", _in_double_quotes(text)))
                elif group == "verbatim":
                    add(Token("string", text))
                elif group == "end":
                    self._at = len(self._source)
                elif text == "`" and self._lexis.templates:
                    self._at = match.end()
                    self._template()
                    break
                elif text[0] == "/" and (regular := self._regular(match.start(group), first)):
                    self._at = regular.end()
                    add(Token("string", regular.group()))
                    break
                else:
                    depth += (text == "{") - (text == "}")
                    if nested and depth < 0:
                        self._at = match.end()
                        return
                    add(Token("sign", text))

    def _regular(self, at: int, first: int) -> re.Match[str] | None:
        """A regular expression: a slash divides what has a value, and starts one elsewhere."""
        if not self._lexis.regular_expressions:
            return None
        if len(self.found) > first:
            last = self.found[-1]
            if last.kind in ("name", "number", "string") or last.text in (")", "]", "}"):
                return None
        return _REGULAR.match(self._source, at)

    def _template(self) -> None:
        """Find the texts of a template, and the tokens of its expressions between them."""
        while True:
            text = _TEMPLATE_TEXT.match(self._source, self._at)
            assert text is not None, "it may be empty"
            self.found.append(Token("string", f"`{text.group()}`"))
            if not self._source.startswith("${", text.end()):
                self._at = text.end() + 1
                return
            self._at = text.end() + 2
            self.scan(nested=True)


def _in_double_quotes(text: str) -> str:
    if text[0] == '"':
        return text
    return '"' + text[1:-1].replace("\\'", "'").replace('\\"', '"').replace('"', '\\"') + '"'
