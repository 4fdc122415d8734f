"""Benchmarks of others, read from local files into samples.

samples = load_benchmark("cruxeval", Path("cruxeval.jsonl"), languages=plugins.languages)
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from codeoutpred.errors import InvalidValueError, UnknownNameError
from codeoutpred.hookspecs import LanguageRegistry
from codeoutpred.protocols import Language
from codeoutpred.records import Sample


def load_benchmark(
    name: str, path: Path, *, languages: LanguageRegistry, entry: str = "f"
) -> list[Sample]:
    """The samples of a benchmark's file, in its order; `entry` is the function that is called.

    `UnknownNameError` for a benchmark that is not known; `InvalidValueError` names file and line
    of what cannot be used.
    """
    if name not in BENCHMARKS:
        raise UnknownNameError("benchmark", name, BENCHMARKS)
    return [dataclasses.replace(row, entry=entry) for row in BENCHMARKS[name](path, languages)]


def _cruxeval(path: Path, languages: LanguageRegistry) -> list[Sample]:
    """CRUXEval's output prediction (Gu et al. 2024): JSON Lines of `id`, `code`, `input`, `output`.

    The code defines `f`, the input is the text between the parentheses of its call.
    """
    python = languages.get("python")
    samples: dict[str, Sample] = {}
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        place = f"{path}:{number}"
        sample = _cruxeval_sample(place, line, python)
        if sample.id in samples:
            raise InvalidValueError(f"{place}: id {sample.id!r} was given before")
        samples[sample.id] = sample
    if not samples:
        raise InvalidValueError(f"{path} holds no samples")
    return list(samples.values())


def _cruxeval_sample(place: str, line: str, python: Language) -> Sample:
    fields = ("id", "code", "input", "output")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidValueError(f"{place}: not JSON: {error}") from error
    if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in fields):
        raise InvalidValueError(f"{place}: expected an object with the texts {', '.join(fields)}")
    try:
        answer_type = python.literal_type(python.parse_literal(row["output"]))
    except ValueError as error:
        raise InvalidValueError(f"{place}: the output is no Python literal: {error}") from error
    return Sample(
        id=row["id"],
        program_id=row["id"],
        language="python",
        kind="call",
        source=row["code"],
        entry="f",
        arguments=row["input"],
        answer=row["output"],
        answer_type=answer_type,
        status="ok",
        trace="",
        generator="cruxeval",
        difficulty=0,
        operations=(),
        dependent_statements=0,
    )


def _lines(path: Path) -> list[str]:
    try:
        # Not splitlines(): JSON strings may hold U+2028 and its like as they are.
        return path.read_bytes().decode("utf-8").split("\n")
    except OSError as error:
        raise InvalidValueError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InvalidValueError(f"{path} is not UTF-8 text: {error}") from error


BENCHMARKS: Mapping[str, Callable[[Path, LanguageRegistry], list[Sample]]] = {"cruxeval": _cruxeval}
"""The benchmarks that can be read, by name."""
