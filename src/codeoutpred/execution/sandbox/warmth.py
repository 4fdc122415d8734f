"""What a fork server does once so that no child has to: it starts from a warm interpreter."""

from __future__ import annotations

import builtins
import contextlib
import gc
import importlib
import os
import sys

TYPE_CHECKING = False  # see `warmth`
if TYPE_CHECKING:
    from collections.abc import Callable

    from codeoutpred.execution.sandbox import kernel
else:
    import kernel

PRELOADED = (
    "bisect",
    "collections",
    "contextlib",
    "copy",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "fractions",
    "functools",
    "hashlib",
    "heapq",
    "itertools",
    "json",
    "math",
    "operator",
    "random",
    "re",
    "signal",
    "statistics",
    "string",
    "textwrap",
    "typing",
)
"""What programs import most. Each is loaded when a program names it for the first time: the fewer
pages a server has, the faster it forks. So nothing here may import `typing`, `enum` or `re`, nor
what imports these, as `signal` does; type checkers take any `TYPE_CHECKING` for true."""

WORDS_APART = bytes(code if chr(code).isalnum() or code == 95 else 32 for code in range(256))

EXERCISE = b"""
def f(number, *rest, key=None):
    return {"a": [number * 7 for _ in range(3)], "b": (key, *rest)}

class C:
    def __init__(self, text):
        self.text = text

try:
    for index, item in enumerate(sorted(f(3, "x", key=-1.5).items())):
        print(index, f"{item[0]!r:>4}", str(item), C("a,b").text.split(","))
    [][1]
except (IndexError, KeyError) as error:
    print(type(error).__name__, error)
"""
"""A program that uses what most programs use."""
TURNS = 5
"""Fewer than make Python 3.11 adapt the code that runs programs: it would count calls otherwise,
and a program could recurse deeper than in an interpreter of its own."""


class Warmth:
    """The interpreter of a fork server: exercised, and with the modules that its programs name.

    `seed` is the one that `random` starts from in every child.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._to_load = {name.encode(): name for name in PRELOADED}
        quitter = importlib.import_module("_sitebuiltins").Quitter
        for name in ("exit", "quit"):  # the `site` module brings these, and is left out
            setattr(builtins, name, quitter(name, "Ctrl-D (i.e. EOF)"))

    def exercise(self, run: Callable[[bytes], object]) -> None:
        """Let `run` run a program several times, while nobody sees what it prints."""
        for _ in range(TURNS):
            run(EXERCISE)
            sys.stdout.flush()
        self._settle()

    def load_for(self, source: bytes) -> bool:
        """Load what `source` seems to import; true where anything was loaded."""
        if b"import" not in source:
            return False
        named = self._to_load.keys() & source.translate(WORDS_APART).split()
        if not named:
            return False
        # `random` would draw a new seed in every child: slow, and none would be like another.
        register, os.register_at_fork = os.register_at_fork, lambda **_: None
        for name in sorted(named):
            importlib.import_module(self._to_load.pop(name))
        os.register_at_fork = register
        if "random" in sys.modules:  # others import it as well
            sys.modules["random"].seed(self._seed)
        self._settle()
        return True

    def _settle(self) -> None:
        gc.collect()
        with contextlib.suppress(OSError):  # not every C library has it
            kernel.call("malloc_trim", 0)  # what is free would be copied by forks like all else
        gc.freeze()
