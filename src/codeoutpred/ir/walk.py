"""Walks over the nodes of a module, in document order."""

from __future__ import annotations

from collections.abc import Iterator

from codeoutpred.ir.nodes import (
    Assign,
    Block,
    Expression,
    For,
    If,
    Module,
    Mutate,
    Statement,
    Take,
    Update,
    While,
)


def blocks(statement: Statement) -> tuple[Block, ...]:
    """The blocks that a statement holds, in document order."""
    if isinstance(statement, If):
        return statement.body, statement.otherwise
    return (statement.body,) if isinstance(statement, (While, For)) else ()


def statements(module: Module) -> Iterator[Statement]:
    """All statements in document order, without the headers of functions."""

    def within(block: Block) -> Iterator[Statement]:
        for statement in block:
            yield statement
            for inner in blocks(statement):
                yield from within(inner)

    for function in module.functions:
        yield from within(function.body)
    yield from within(module.main)


def expressions(node: Expression | Statement) -> Iterator[Expression]:
    """The expressions right in a node: operands, tests, values; not those of inner statements."""
    for name in node.__dataclass_fields__:
        value = getattr(node, name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Expression):
                yield item


def all_expressions(node: Expression | Statement) -> Iterator[Expression]:
    """The expressions in a node, and all that they hold."""
    for inner in expressions(node):
        yield inner
        yield from all_expressions(inner)


def changed_names(module: Module) -> dict[str, bool]:
    """The names that are changed after they were bound -> whether they are bound anew."""
    changed: dict[str, bool] = {}
    for statement in statements(module):
        if isinstance(statement, Update) or (isinstance(statement, Assign) and not statement.new):
            changed[statement.target.name] = True
        elif isinstance(statement, (Mutate, Take)):
            held = statement.target if isinstance(statement, Mutate) else statement.source
            changed.setdefault(held.name, False)
    return changed
