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
from functools import cache

_SILENT = frozenset({"ctx", "kind", "type_comment", "type_ignores"})


def fingerprint(source: str) -> str:
    """The syntax tree as text, with the program's own names replaced by numbers.

    Names are numbered in the order of their first appearance; what the program does not define
    itself (built-in functions, attributes, modules) keeps its name. A source that does not parse
    is its own fingerprint, with blank space collapsed.
    """
    writer = _Writer()
    try:
        writer.write_node(ast.parse(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return " ".join(source.split())
    return writer.text()


class _Writer:
    """Writes a tree in one pass, and puts numbers for names at the end, when all own are known."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.own: set[str] = set()
        self._names: list[int] = []  # the pieces that may be names of the program's own

    def text(self) -> str:
        numbers: dict[str, str] = {}
        for at in self._names:
            name = self.pieces[at]
            if name in self.own:
                self.pieces[at] = numbers.setdefault(name, f"_{len(numbers)}")
        return "".join(self.pieces)

    def write_node(self, node: ast.AST) -> None:
        kind = type(node)
        add = self.pieces.append
        if isinstance(node, ast.Name):  # these two are the most of a tree
            if type(node.ctx) is not ast.Load:
                self.own.add(node.id)
            add("Name(id=")
            self._write_value(node.id)
            add(")")
            return
        if isinstance(node, ast.Constant):
            value = node.value
            add("Constant()" if value is None else f"Constant({type(value).__name__} {value!r})")
            return
        opening, fields, defined = _shape(kind)  # type: ignore[arg-type]  # a class is hashable
        if defined:
            names = getattr(node, defined)
            self.own.update([names] if type(names) is str else names)
        add(opening)
        separator = ""
        for name, label in fields:
            value = getattr(node, name, None)
            if value is None or (type(value) is list and not value):
                continue
            add(separator + label)
            self._write_value(value)
            separator = ","
        add(")")

    def _write_value(self, value: object) -> None:
        if isinstance(value, ast.AST):
            self.write_node(value)
        elif type(value) is str:
            self._names.append(len(self.pieces))
            self.pieces.append(value)
        elif type(value) is list:
            separator = "["
            for item in value:
                self.pieces.append(separator)
                self._write_value(item)
                separator = ","
            self.pieces.append("]")
        else:
            self.pieces.append(str(value))


_DEFINED = {
    ast.arg: "arg",
    ast.FunctionDef: "name",
    ast.AsyncFunctionDef: "name",
    ast.ClassDef: "name",
    ast.Global: "names",
    ast.Nonlocal: "names",
}
"""The field with the names that a node of this kind defines."""


@cache
def _shape(kind: type[ast.AST]) -> tuple[str, tuple[tuple[str, str], ...], str]:
    """How a kind of node begins, its fields, each with the label before its value, and the field
    of the names that it defines, or none."""
    fields = tuple((name, f"{name}=") for name in kind._fields if name not in _SILENT)
    return f"{kind.__name__}(", fields, _DEFINED.get(kind, "")
