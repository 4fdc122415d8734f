"""AWK: run by a plain command; its literals are numbers and strings."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

from codeoutpred import Language

_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_STRING = re.compile(r'"(?:[^"\\\n]|\\["\\/bfnrt])*"')
_TOKENS = re.compile(rf"{_STRING.pattern}|#[^\n]*|\d+(?:\.\d+)?|[A-Za-z_]\w*|[^\w\s]")
_AWK_WORDS = frozenset(
    "BEGIN END FS NF NR OFS ORS RS SUBSEP break close continue delete do else exit for function "
    "getline gsub if in index int length match next print printf return split sprintf sqrt sub "
    "substr system tolower toupper while".split()
)


def parse_literal(text: str) -> float | str:
    if _NUMBER.fullmatch(text.strip()):
        return float(text)
    if _STRING.fullmatch(text.strip()):
        return str(json.loads(text))
    raise ValueError("no AWK literal")


def render_literal(value: float | str) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return str(int(value)) if value.is_integer() else repr(value)


def literal_type(value: float | str) -> str:
    return "string" if isinstance(value, str) else "number"


def values_equal(one: float | str, other: float | str) -> bool:
    return type(one) is type(other) and one == other


def fingerprint(source: str) -> str:
    """The tokens, without comments, and the program's own names as numbers."""
    numbers: dict[str, str] = {}
    tokens = [token for token in _TOKENS.findall(source) if not token.startswith("#")]
    return " ".join(
        numbers.setdefault(token, f"_{len(numbers)}")
        if token.isidentifier() and token not in _AWK_WORDS
        else token
        for token in tokens
    )


def find_literals(source: str) -> list[str]:
    found = []
    for token in _TOKENS.findall(source):
        if token[0] == '"' or token[0].isdecimal():
            try:
                found.append(render_literal(parse_literal(token)))
            except (ValueError, OverflowError):
                continue  # a lone quote, or a number out of all bounds
    return found


def toolchain() -> str | None:
    tool = shutil.which("awk")
    if tool is None:
        return None
    done = subprocess.run(
        [tool, "-W", "version"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.partition("\n")[0] or "of unknown version"


AWK = Language(
    name="awk",
    suffix=".awk",
    parse_literal=parse_literal,
    render_literal=render_literal,
    literal_type=literal_type,
    values_equal=values_equal,
    fingerprint=fingerprint,
    find_literals=find_literals,
    toolchain=toolchain,
    install_hint="apt-get install mawk",
    command=lambda path: ["awk", "-f", path],
)
