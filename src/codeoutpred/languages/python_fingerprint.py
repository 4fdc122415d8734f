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
import warnings
from collections.abc import Iterator
from functools import cache

_SILENT = frozenset({"ctx", "kind", "type_comment", "type_ignores"})
_OWN_FIELDS = frozenset({"id", "arg", "name", "names", "rest", "asname"})
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BINDERS = (*_DEFINITIONS, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)
_TELLING = (
    *(*_BINDERS, ast.arg, ast.MatchMapping, ast.alias, ast.Global, ast.Nonlocal),
    *(ast.Attribute, ast.Call),
)
"""Nodes that tell which names are the program's own, besides names themselves."""


def fingerprint(source: str) -> str:
    """The syntax tree as text, with the program's own names replaced by numbers.

    Names are numbered in the order of their first appearance; what the program does not define
    itself (built-in functions, modules, attributes and keywords of others) keeps its name. A name
    has one number wherever it stands: two variables of one name in two functions must stay so.
    A source that does not parse is its own fingerprint, with blank space collapsed.
    """
    writer = _Writer()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
        writer.write(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return " ".join(source.split())
    return writer.text()


class _Writer:
    """Writes a tree in one pass; numbers take the place of the program's own names at the end,
    when all of these are known."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._own: set[str] = set()
        self._members: set[str] = set()
        self._functions: dict[ast.keyword, ast.expr] = {}
        # (piece, name, names): the piece is numbered where the name is among the names.
        self._names: list[tuple[int, str, set[str]]] = []

    def text(self) -> str:
        """What was written."""
        numbers: dict[str, str] = {}
        for at, name, names in self._names:
            if name in names:
                self._pieces[at] = numbers.setdefault(self._pieces[at], f"_{len(numbers)}")
        return "".join(self._pieces)

    def write(self, node: ast.AST) -> None:
        """Write a node with all that is in it."""
        add = self._pieces.append
        if isinstance(node, ast.Name):  # this and the next are the most of a tree
            if type(node.ctx) is not ast.Load:
                self._own.add(node.id)
            add("Name(id=")
            self._names.append((len(self._pieces), node.id, self._own))
            add(node.id)
            add(")")
            return
        if isinstance(node, ast.Constant):
            value = node.value
            add("Constant()" if value is None else f"Constant({type(value).__name__} {value!r})")
            return
        if isinstance(node, _TELLING):
            self._note(node)
        opening, fields = _shape(type(node))  # type: ignore[arg-type]  # a class is hashable
        add(opening)
        separator = ""
        for name, label in fields:
            value = getattr(node, name, None)
            if value is None or (type(value) is list and not value):
                continue
            add(separator + label)
            self._write_field(node, name, value)
            separator = ","
        add(")")

    def _write_field(self, node: ast.AST, field: str, value: object) -> None:
        if isinstance(value, ast.AST):
            self.write(value)
        elif type(value) is list:
            separator = "["
            for item in value:
                self._pieces.append(separator)
                self._write_field(node, field, item)
                separator = ","
            self._pieces.append("]")
        else:
            if type(value) is str:
                self._mark(node, field, value)
            self._pieces.append(str(value))

    def _note(self, node: ast.AST) -> None:
        self._own.update(_defined_names(node))
        self._members.update(_member_names(node))
        if isinstance(node, ast.Call):
            self._functions.update(dict.fromkeys(node.keywords, node.func))

    def _mark(self, node: ast.AST, field: str, name: str) -> None:
        """Remember that the next piece is a name, and what it hangs on whether it is numbered."""
        at = len(self._pieces)
        if isinstance(node, ast.Attribute):
            self._names.append((at, name, self._members))
        elif isinstance(node, ast.keyword):  # the program's own where the function is
            function = self._functions.get(node)
            if isinstance(function, ast.Attribute):
                self._names.append((at, function.attr, self._members))
            elif isinstance(function, ast.Name):
                self._names.append((at, function.id, self._own))
        elif field in _OWN_FIELDS and not (isinstance(node, ast.alias) and field == "name"):
            self._names.append((at, name, self._own))


@cache
def _shape(kind: type[ast.AST]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """How a kind of node begins, and its fields, each with the label before its value."""
    fields = tuple((name, f"{name}=") for name in kind._fields if name not in _SILENT)
    return f"{kind.__name__}(", fields


def _defined_names(node: ast.AST) -> Iterator[str]:
    """The names that a node, no mere name itself, binds in the scope it stands in."""
    if isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, _BINDERS):
        if node.name:
            yield node.name
    elif isinstance(node, ast.MatchMapping):
        if node.rest:
            yield node.rest
    elif isinstance(node, ast.alias):
        if node.asname:
            yield node.asname
    elif isinstance(node, ast.Global | ast.Nonlocal):
        yield from node.names


def _member_names(node: ast.AST) -> Iterator[str]:
    """The names of attributes that a node brings into being: methods, fields of a class or self."""
    if isinstance(node, ast.Attribute):
        if not isinstance(node.ctx, ast.Load):
            yield node.attr
    elif isinstance(node, ast.ClassDef):
        for statement in node.body:
            for part in (statement, *ast.iter_child_nodes(statement)):
                if isinstance(part, _DEFINITIONS):
                    yield part.name
                elif isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
                    yield part.id
