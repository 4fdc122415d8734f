"""The constants that stand in a Python program: what a lazy reader could copy from it."""

from __future__ import annotations

import ast
import contextlib
import warnings

from codeoutpred.languages.python_literals import render_literal
from codeoutpred.languages.python_syntax import node_value

_NUMBERS = (ast.Constant, ast.UnaryOp, ast.BinOp)
_DISPLAYS = (ast.List, ast.Tuple, ast.Set, ast.Dict)
_IDLE = (
    *(ast.Module, ast.FunctionDef, ast.arguments, ast.arg, ast.Return, ast.Expr, ast.Pass),
    *(ast.Assign, ast.AnnAssign, ast.Name, ast.Constant, ast.UnaryOp, ast.USub, ast.keyword),
    *(ast.expr_context, *_DISPLAYS),
)


def find_literals(source: str) -> list[str]:
    """The canonical texts of all literals in sight in a program, in order of appearance.

    A container made of constants stands before its own members; a number's sign belongs to it.
    Empty for a syntax error.

        >>> find_literals("x = [1, -2]\\nprint(x, 'a')")
        ['[1, -2]', '1', '-2', "'a'"]
    """
    found: list[tuple[int, int, str]] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _collect(ast.parse(source), found)
    except (SyntaxError, ValueError, MemoryError, RecursionError, OverflowError):
        return []
    # By position alone: fields of the tree do not always stand in the order of the text.
    return [text for _, _, text in sorted(found, key=lambda place: place[:2])]


def computes(source: str) -> bool:
    """Whether a program does more than show or return its own literals or arguments.

    False where there are only definitions, assignments, names, literals and calls of `print`.

        >>> computes("x = [1, -2]\\nprint(x)"), computes("x = 1\\nprint(x + 1)")
        (False, True)
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return True
    return not all(
        isinstance(node, _IDLE)
        or (isinstance(node, ast.Call) and ast.unparse(node.func) == "print")
        for node in nodes
    )


def _collect(node: ast.AST, found: list[tuple[int, int, str]]) -> None:
    if isinstance(node, ast.JoinedStr):  # its pieces are no values, what it formats may be
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                _collect(part.value, found)
        return
    # A name in a program is a variable, `nan` and `inf` included.
    if isinstance(node, _NUMBERS + _DISPLAYS) and not any(
        isinstance(part, ast.Name) for part in ast.walk(node)
    ):
        with contextlib.suppress(ValueError, TypeError):
            text = render_literal(node_value(node))
            found.append((node.lineno, node.col_offset, text))
            if isinstance(node, _NUMBERS):
                return
    for child in ast.iter_child_nodes(node):
        _collect(child, found)
