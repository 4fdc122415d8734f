"""What stays of a Python program when it is renamed, reformatted or commented otherwise.

    >>> fingerprint("a = 1\\nprint(a)") == fingerprint("total = 1  # one\\nprint( total )")
    True
    >>> fingerprint("print(1)") == fingerprint("print(2)")
    False

The text is written here and not by `ast.dump`, whose form changes between Python versions: the
split of a program hangs on it, for ever.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

_SILENT = frozenset({"ctx", "kind", "type_comment", "type_ignores"})


def fingerprint(source: str) -> str:
    """The syntax tree as text, with the program's own names replaced by numbers.

    Names are numbered in the order of their first appearance; what the program does not define
    itself (built-in functions, attributes, modules) keeps its name. A source that does not parse
    is its own fingerprint, with blank space collapsed.
    """
    try:
        tree = ast.parse(source)
        own = set(_defined_names(tree))
        numbers: dict[str, str] = {}
        return _text(tree, own, numbers)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return " ".join(source.split())


def _defined_names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            yield from node.names


def _text(value: object, own: set[str], numbers: dict[str, str]) -> str:
    if isinstance(value, ast.AST):
        fields = []
        for name, field in ast.iter_fields(value):
            if name in _SILENT or field is None or field == []:
                continue
            if isinstance(value, ast.Constant):
                fields.append(f"{type(field).__name__} {field!r}")
            else:
                fields.append(f"{name}={_text(field, own, numbers)}")
        return f"{type(value).__name__}({','.join(fields)})"
    if isinstance(value, list):
        return "[" + ",".join(_text(item, own, numbers) for item in value) + "]"
    if isinstance(value, str) and value in own:
        return numbers.setdefault(value, f"_{len(numbers)}")
    return str(value)
