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

_SILENT = frozenset({"ctx", "kind", "type_comment", "type_ignores"})
_OWN_FIELDS = frozenset({"id", "arg", "name", "names", "rest", "asname"})
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BINDERS = (*_DEFINITIONS, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)


def fingerprint(source: str) -> str:
    """The syntax tree as text, with the program's own names replaced by numbers.

    Names are numbered in the order of their first appearance; what the program does not define
    itself (built-in functions, modules, attributes and keywords of others) keeps its name. A name
    has one number wherever it stands: two variables of one name in two functions must stay so.
    A source that does not parse is its own fingerprint, with blank space collapsed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
        return _Writer(tree).text(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return " ".join(source.split())


class _Writer:
    """Writes a tree as text, with the names that `tree` defines numbered."""

    def __init__(self, tree: ast.AST) -> None:
        nodes = list(ast.walk(tree))
        self._own = {name for node in nodes for name in _defined_names(node)}
        self._members = {name for node in nodes for name in _member_names(node)}
        self._numbers: dict[str, str] = {}
        # The keywords of a call are the program's own where the function is.
        self._keywords = {
            keyword
            for node in nodes
            if isinstance(node, ast.Call) and self._is_own(node.func)
            for keyword in node.keywords
        }

    def text(self, value: object) -> str:
        """The text of a node, or of a list or a plain value in one."""
        if isinstance(value, list):
            return "[" + ",".join(map(self.text, value)) + "]"
        if not isinstance(value, ast.AST):
            return str(value)
        fields = []
        for name, field in ast.iter_fields(value):
            if name in _SILENT or field is None or field == []:
                continue
            if isinstance(value, ast.Constant):
                fields.append(f"{type(field).__name__} {field!r}")
            elif isinstance(field, str) and self._is_numbered(value, name, field):
                fields.append(f"{name}={self._number(field)}")
            elif isinstance(value, ast.Global | ast.Nonlocal):
                fields.append(f"{name}=[{','.join(map(self._number, field))}]")
            else:
                fields.append(f"{name}={self.text(field)}")
        return f"{type(value).__name__}({','.join(fields)})"

    def _number(self, name: str) -> str:
        return self._numbers.setdefault(name, f"_{len(self._numbers)}")

    def _is_own(self, function: ast.AST) -> bool:
        if isinstance(function, ast.Attribute):
            return function.attr in self._members
        return isinstance(function, ast.Name) and function.id in self._own

    def _is_numbered(self, node: ast.AST, field: str, name: str) -> bool:
        if isinstance(node, ast.Attribute):
            return name in self._members
        if isinstance(node, ast.keyword):
            return node in self._keywords
        if isinstance(node, ast.alias) and field == "name":
            return False
        return field in _OWN_FIELDS and name in self._own


def _defined_names(node: ast.AST) -> Iterator[str]:
    """The names that a node binds in the scope it stands in."""
    if isinstance(node, ast.Name):
        if not isinstance(node.ctx, ast.Load):
            yield node.id
    elif isinstance(node, ast.arg):
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
