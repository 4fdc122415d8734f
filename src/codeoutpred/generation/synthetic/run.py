"""The state of one run: the trace, the output, and what each value was computed from."""

from __future__ import annotations

from typing import Any

from codeoutpred.generation.synthetic.levels import Level, OutOfBoundsError

COMPUTED = 1
"""The bit of a mask that says that an operation made the value; bit n + 1 is statement n."""

Frame = dict[str, tuple[Any, int]]
"""The variables of a call: name -> (value, mask of the statements it was computed from)."""


class RaisedError(Exception):
    """A `Raise` of the program."""


class Run:
    """One run under way.

    `output` is what was printed in the words of the language, `printed` the same in Python's,
    whatever the language. `mask` is what the expression under way has used, `control` what the way
    to the present statement hung on, `kinds` the kinds of operations done, `answer` what was
    printed or returned hangs on, all as masks.
    """

    __slots__ = (
        "answer",
        "calls",
        "control",
        "kinds",
        "level",
        "mask",
        "output",
        "printed",
        "returned",
        "rounds",
        "steps",
    )

    def __init__(self, level: Level) -> None:
        self.level = level
        self.steps: list[str] = []
        self.output: list[str] = []
        self.printed: list[str] = []
        self.returned: tuple[Any, str] = (None, "")
        self.mask = self.control = self.kinds = self.answer = 0
        self.rounds = self.calls = 0

    def step(self, text: str) -> None:
        """Add a step to the trace."""
        self.steps.append(text)
        if len(self.steps) > self.level.steps:
            raise OutOfBoundsError("too many steps")

    def count_round(self) -> None:
        """Count one round of a loop."""
        self.rounds += 1
        if self.rounds > self.level.rounds:
            raise OutOfBoundsError("too many rounds of loops")
