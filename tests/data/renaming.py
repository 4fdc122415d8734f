"""A Python program in disguise: all its own names others, its layout that of `ast.unparse`."""

from __future__ import annotations

import ast
import builtins


class _Names(ast.NodeVisitor):
    """What a program binds: variables, parameters, functions, names of exceptions."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def _bind(self, name: str | None) -> None:
        if name and not hasattr(builtins, name):
            self.found.setdefault(name, f"renamed_{len(self.found)}")

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            # A built-in name that is bound here is the program's own, too.
            self.found.setdefault(node.id, f"renamed_{len(self.found)}")

    def visit_arg(self, node: ast.arg) -> None:
        self.found.setdefault(node.arg, f"renamed_{len(self.found)}")
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._bind(node.name)
        self.generic_visit(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self._bind(node.name)
        self.generic_visit(node)


class _Renamer(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self.names.get(node.id, node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = self.names[node.arg]
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = self.names.get(node.name, node.name)
        return self.generic_visit(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        node.name = self.names.get(node.name or "", node.name)
        return self.generic_visit(node)

    def visit_Global(self, node: ast.Global) -> ast.AST:
        node.names = [self.names.get(name, name) for name in node.names]
        return node

    visit_Nonlocal = visit_Global  # type: ignore[assignment]


def disguised(source: str) -> str:
    """The same program under other names and in another layout, its constants unchanged."""
    tree = ast.parse(source)
    names = _Names()
    names.visit(tree)
    return ast.unparse(_Renamer(names.found).visit(tree))
