"""Benchmarks of others, read from local files or from the hub into samples.

samples = load_benchmark("cruxeval", Path("cruxeval.jsonl"), languages=plugins.languages)
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from codeoutpred.errors import InvalidValueError, UnknownNameError
from codeoutpred.hookspecs import LanguageRegistry
from codeoutpred.protocols import Language
from codeoutpred.records import Sample
from codeoutpred.rows import ON_THE_HUB, read_rows


def load_benchmark(
    name: str, path: Path | None = None, *, languages: LanguageRegistry, entry: str = "f"
) -> list[Sample]:
    """The samples of a benchmark, in its order; `entry` is the function that is called.

    `path` is a JSON Lines file, or a folder in the layout of the hub; without it the benchmark is
    fetched from the hub, and kept there where the `datasets` library keeps what it fetches.
    `UnknownNameError` for a benchmark that is not known; `InvalidValueError` names the file and
    line of what cannot be used.
    """
    if name not in BENCHMARKS:
        raise UnknownNameError("benchmark", name, BENCHMARKS)
    if path is not None and not path.exists():
        raise InvalidValueError(f"{path} does not exist; name the benchmark's file or folder")
    source = ON_THE_HUB[name] if path is None else str(path)
    samples: dict[str, Sample] = {}
    for place, row in read_rows(source):
        sample = BENCHMARKS[name](place, row, languages)
        if sample.id in samples:
            raise InvalidValueError(f"{place}: id {sample.id!r} was given before")
        samples[sample.id] = dataclasses.replace(sample, entry=entry)
    if not samples:
        raise InvalidValueError(f"{source} holds no samples")
    return list(samples.values())


def _cruxeval(place: str, row: Mapping[str, Any], languages: LanguageRegistry) -> Sample:
    """CRUXEval's output prediction (Gu et al. 2024): rows of `id`, `code`, `input`, `output`.

    The code defines `f`, the input is the text between the parentheses of its call.
    """
    fields = ("id", "code", "input", "output")
    if not all(isinstance(row.get(name), str) for name in fields):
        raise InvalidValueError(f"{place}: expected an object with the texts {', '.join(fields)}")
    return Sample(
        id=row["id"],
        program_id=row["id"],
        language="python",
        kind="call",
        source=row["code"],
        entry="f",
        arguments=row["input"],
        answer=row["output"],
        answer_type=_answer_type(place, row["output"], languages.get("python")),
        status="ok",
        trace="",
        generator="cruxeval",
        difficulty=0,
        operations=(),
        dependent_statements=0,
    )


def _answer_type(place: str, output: str, python: Language) -> str:
    try:
        return python.literal_type(python.parse_literal(output))
    except ValueError as error:
        raise InvalidValueError(f"{place}: the output is no Python literal: {error}") from error


BENCHMARKS: Mapping[str, Callable[[str, Mapping[str, Any], LanguageRegistry], Sample]] = {
    "cruxeval": _cruxeval
}
"""The benchmarks that can be read, by name: what makes a sample of a row, which stands at a place.

Each has an address in `ON_THE_HUB`.
"""
