"""The nodes of the intermediate language: typed expressions, statements, functions, a module.

All are immutable. Statements are numbered in document order: the functions one after the other,
each header before its body, then the main statements; a block's statement before what it holds.

Values are never shared: a container is bound to one name only, and a function changes none of the
containers that it is given. Names are in `snake_case`, each with one type throughout a function.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from codeoutpred.ir.types import Type


@dataclass(frozen=True, slots=True)
class Expression:
    """What has a value of a type."""

    type: Type


@dataclass(frozen=True, slots=True)
class Literal(Expression):
    """A value, written down; a list, tuple, map or set holds literals alone."""

    value: Any


@dataclass(frozen=True, slots=True)
class Variable(Expression):
    """The value that a name holds."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation(Expression):
    """An operation by its name in `OPERATIONS`, which holds its meaning."""

    name: str
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Call(Expression):
    """A call of a function of the module that does not raise."""

    function: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Template(Expression):
    """A text made of its parts in their order: integers, texts and characters."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Gather(Expression):
    """The list of `element` for each value of `source` (as for `For`) that meets `condition`."""

    element: Expression
    names: tuple[Variable, ...]
    source: Expression
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class SortedBy(Expression):
    """A new list sorted by `key` (an int, a str, or a tuple of these) of each; stable."""

    source: Expression
    variable: Variable
    key: Expression


@dataclass(frozen=True, slots=True)
class Statement:
    """What is done."""


Block = tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Assign(Statement):
    """Bind a name; `new` where it has not been bound before in the function."""

    target: Variable
    value: Expression
    new: bool = True


@dataclass(frozen=True, slots=True)
class Update(Statement):
    """`target = target OPERATION value`, for `add`, `sub`, `mul` of numbers, `concat` of texts."""

    target: Variable
    operation: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Mutate(Statement):
    """Change the container `target` in place, by an operation of `MUTATIONS`."""

    target: Variable
    operation: str
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Take(Statement):
    """Remove the `first` or `last` item of the list `source`, and bind it to a new name."""

    target: Variable
    source: Variable
    end: str


@dataclass(frozen=True, slots=True)
class If(Statement):
    """One branch or the other."""

    test: Expression
    body: Block
    otherwise: Block = ()


@dataclass(frozen=True, slots=True)
class While(Statement):
    """The body as long as the test holds."""

    test: Expression
    body: Block


@dataclass(frozen=True, slots=True)
class For(Statement):
    """The body for each item of a list, or character of a text, that the body does not change.

    Several names take the items of tuples apart.
    """

    names: tuple[Variable, ...]
    source: Expression
    body: Block


@dataclass(frozen=True, slots=True)
class Break(Statement):
    """Leave the innermost loop."""


@dataclass(frozen=True, slots=True)
class Continue(Statement):
    """Go on with the next round of the innermost loop."""


@dataclass(frozen=True, slots=True)
class Return(Statement):
    """Leave the function with a value."""

    value: Expression


@dataclass(frozen=True, slots=True)
class Print(Statement):
    """A line of standard output: one value of any type but set, or scalars and blanks between."""

    values: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Raise(Statement):
    """Leave the function, which `raises`, without a value and with a message."""

    message: Expression


@dataclass(frozen=True, slots=True)
class Attempt(Statement):
    """Bind a new name to a call's value, or to `fallback` where the function raises.

    `fallback` may use `message`, the text that the function raised.
    """

    target: Variable
    call: Call
    message: Variable
    fallback: Expression


@dataclass(frozen=True, slots=True)
class Function:
    """A function; `raises` names the outcome of its `Raise` (`missing` or `invalid`), if any."""

    name: str
    parameters: tuple[Variable, ...]
    returns: Type
    body: Block
    raises: str = ""


@dataclass(frozen=True, slots=True)
class Module:
    """A program: its functions, callees before callers, and what it does when it is run.

    A module with an `entry` has no main statements: that function is called from outside. `style`
    is the seed of all choices that change the text and not the meaning.
    """

    functions: tuple[Function, ...]
    main: Block = ()
    entry: str = ""
    style: int = 0

    def function(self, name: str) -> Function:
        """The function of that name."""
        return next(function for function in self.functions if function.name == name)


@dataclass(frozen=True, slots=True)
class Rendering:
    """A module in a language; `lines[n]` is the line of statement or function header number n."""

    source: str
    lines: tuple[int, ...]
