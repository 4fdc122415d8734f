"""What a fork server does once so that no child has to: it starts from a warm interpreter."""

from __future__ import annotations

import builtins
import gc
import importlib
import os

PRELOADED = (
    "bisect",
    "collections",
    "copy",
    "datetime",
    "functools",
    "heapq",
    "itertools",
    "json",
    "math",
    "operator",
    "re",
    "string",
    "typing",
)


def warm_up(seed: int) -> None:
    """Pay once for what every child would pay: imports, the compiler's types, the collector."""
    for name in PRELOADED:
        importlib.import_module(name)
    # `random` would draw a new seed in every child: slow, and no child would be like another.
    register, os.register_at_fork = os.register_at_fork, lambda **_: None
    importlib.import_module("random").seed(seed)
    os.register_at_fork = register
    quitter = importlib.import_module("_sitebuiltins").Quitter
    for name in ("exit", "quit"):  # the `site` module brings these, and is left out
        setattr(builtins, name, quitter(name, "Ctrl-D (i.e. EOF)"))
    eval(compile("0", "warm-up", "eval"))  # noqa: S307
    gc.collect()
    gc.freeze()
