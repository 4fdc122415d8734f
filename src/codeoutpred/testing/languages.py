"""The contract of a `Language`."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from codeoutpred.protocols import Language
from codeoutpred.testing.answers import JUNK
from codeoutpred.testing.expectations import ensure, short, unfailing

COMMON_LITERALS = ("0", "7", "-7", "1.5", '"text"', '""')
"""Literals that most languages write alike, each of another value."""


def check_language(
    language: Language,
    *,
    literals: Sequence[str] = COMMON_LITERALS,
    renamed: Sequence[tuple[str, str]] = (),
) -> None:
    """Check a language on `literals` (texts of different values) and on junk.

    `renamed` holds pairs of sources that differ in names and layout only.
    """
    culprit = f"language {language.name!r}"
    ensure(language.suffix.startswith("."), f"{culprit}: suffix must start with a dot")
    ensure(
        bool(language.command) or bool(language.server),
        f"{culprit}: set command, so that programs can be run",
    )
    if language.command is not None:
        argv = language.command(f"program{language.suffix}")
        ensure(
            isinstance(argv, list) and bool(argv) and all(isinstance(word, str) for word in argv),
            f"{culprit}: command must give a list of words, not {argv!r}",
        )
    ensure(
        language.toolchain() is not None or bool(language.install_hint),
        f"{culprit}: its toolchain is missing here, and install_hint does not say how to get it",
    )
    _check_literals(language, literals, culprit)
    for one, other in renamed:
        ensure(
            language.fingerprint(one) == language.fingerprint(other),
            f"{culprit}: fingerprint tells apart {one!r} and {other!r}",
        )
    for text in JUNK:
        with unfailing(f"{culprit}: parse_literal", text), contextlib.suppress(ValueError):
            language.parse_literal(text)
        with unfailing(f"{culprit}: find_literals", text):
            language.find_literals(text)
        with unfailing(f"{culprit}: fingerprint", text):
            ensure(
                language.fingerprint(text) == language.fingerprint(text),
                f"{culprit}: fingerprint is not the same twice for {short(text)}",
            )


def _check_literals(language: Language, literals: Sequence[str], culprit: str) -> None:
    values: list[Any] = []
    for text in literals:
        value = language.parse_literal(text)
        rendered = language.render_literal(value)
        again = language.parse_literal(rendered)
        ensure(
            language.values_equal(value, again)
            and language.literal_type(value) == language.literal_type(again),
            f"{culprit}: {text} is rendered as {rendered}, which is another value or type",
        )
        ensure(
            language.render_literal(again) == rendered,
            f"{culprit}: the canonical text of {text} changes when it is rendered again",
        )
        for other_text, other in zip(literals, values):
            ensure(
                not language.values_equal(value, other) and not language.values_equal(other, value),
                f"{culprit}: {text} equals {other_text}",
            )
        values.append(value)
