"""A corpus to its items: the functions and scripts that a folder, a file or a dataset holds."""

from __future__ import annotations

import ast
import random
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeoutpred.errors import InvalidValueError
from codeoutpred.generation.corpus.functions import functions_of
from codeoutpred.generation.corpus.inputs import doctest_arguments, drawn_arguments
from codeoutpred.rows import read_rows, text_of, texts_of

LONGEST = 20_000
"""Characters of a source, inputs included, that are not `too_long` to be asked about."""

_BROKEN = (SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A program of a corpus: its source, and the function `entry` of it, if it is not a script.

    `inputs` are the arguments that come with it; without any, they are drawn by its annotations.
    `rejection` is the reason why it cannot be used, in one word.
    """

    id: str
    source: str = ""
    entry: str = ""
    inputs: tuple[str, ...] = ()
    rejection: str = ""


def read_items(corpus: str, language: str) -> Iterator[Item]:
    """The items of a corpus in `language`, those that cannot be used included.

    A folder with Python files is read file by file. Anything else has rows, see `read_rows`: `code`
    (or `source`, `content`), and if it likes `input` (or `inputs`, `arguments`: a text or a list
    of texts, each what stands between the parentheses of a call), `entry`, `id` and `language`.
    A row in Python with neither inputs nor an entry is taken for a file, one with inputs and no
    entry calls the last function it defines; in other languages, inputs need an entry, and a row
    without is a script. Raises `InvalidValueError` with the place of a row that makes no sense.
    """
    folder = Path(corpus)
    files = sorted(folder.rglob("*.py")) if folder.is_dir() else []
    if files and language != "python":
        raise InvalidValueError(
            f"{corpus} is a folder of Python code; give {language} as JSON Lines of code, entry "
            "and inputs"
        )
    for path in files:
        name = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in name.parts):
            yield from _file_items(name.as_posix(), path)
    if not files:
        for place, row in read_rows(corpus):
            if (text_of(row, ("language",), place) or language) == language:
                yield from _row_items(place, row, language)


def function_named(source: str, name: str) -> ast.FunctionDef | None:
    """The last definition of `name` in a source, or of any name where that is empty."""
    try:
        statements = ast.parse(source).body
    except _BROKEN:
        return None
    for statement in reversed(statements):
        if isinstance(statement, ast.FunctionDef) and name in (statement.name, ""):
            return statement
    return None


def _file_items(name: str, path: Path) -> Iterator[Item]:
    try:
        with tokenize.open(path) as file:
            text = file.read()
    except (OSError, *_BROKEN):
        yield _item(name, "", "", (), "does_not_parse")
        return
    yield from _module_items(name, text)


def _module_items(name: str, text: str) -> Iterator[Item]:
    try:
        functions = list(functions_of(text))
    except _BROKEN:
        yield _item(name, "", "", (), "does_not_parse")
        return
    for function in functions:
        inputs = tuple(doctest_arguments(function.node))
        rejection = function.rejection
        if not rejection and not inputs and not _is_drawable(function.node):
            rejection = "no_inputs"
        place = f"{name}:{function.node.name}"
        yield _item(place, function.source, function.node.name, inputs, rejection)


def _row_items(place: str, row: dict[str, Any], language: str) -> Iterator[Item]:
    source = text_of(row, ("code", "source", "content"), place)
    if not source.strip():
        raise InvalidValueError(f"{place}: expected the field code, the text of a program")
    entry = text_of(row, ("entry",), place)
    inputs = texts_of(row, ("input", "inputs", "arguments"), place)
    name = str(row.get("id") or place)
    if language == "python" and not entry and not inputs:
        yield from _module_items(name, source)
        return
    rejection = ""
    if language == "python" and not (entry and inputs):
        function = function_named(source, entry)
        if function is None:
            rejection = "no_entry"
        elif not inputs and not _is_drawable(function):
            rejection = "no_inputs"
        entry = entry or (function.name if function else "")
    elif inputs and not entry:
        raise InvalidValueError(f"{place}: inputs need an entry, the name of the function to call")
    elif entry and not inputs:
        rejection = "no_inputs"
    yield _item(name, source, entry, inputs, rejection)


def _item(id: str, source: str, entry: str, inputs: tuple[str, ...], rejection: str) -> Item:
    if not rejection and len(source) + sum(map(len, inputs)) > LONGEST:
        rejection = "too_long"
    id = id.encode(errors="replace").decode()  # names of files may be no text
    if rejection:
        return Item(id=id, rejection=rejection)
    return Item(id=id, source=source, entry=entry, inputs=inputs)


def _is_drawable(function: ast.FunctionDef) -> bool:
    return drawn_arguments(function, random.Random(0)) is not None
