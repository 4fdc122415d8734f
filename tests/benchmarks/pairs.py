"""Ways of doing the same in turn, each run in a process of its own: time and memory side by side.

A script calls itself: with the name of a side it runs that side and prints a line of JSON.
"""

from __future__ import annotations

import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NEEDED = ("torch", "transformers", "trl", "peft", "accelerate")
SILENT = {
    "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "PYTHONWARNINGS": "ignore",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_VERBOSITY": "error",
}
Figures = dict[str, Any]
Runs = Mapping[str, Sequence[Figures]]


def complaint() -> str:
    """What is missing here to train, in one line; nothing where all is there."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    script = Path(sys.argv[0]).stem.removeprefix("bench_")
    return f"{', '.join(missing)} missing: nox -s bench -- {script}" if missing else ""


@contextmanager
def measured(figures: Figures) -> Iterator[None]:
    """Add the seconds of what is done inside, and the process's peak of memory until its end."""
    clock, used = time.perf_counter(), time.process_time()
    yield
    figures["processor"] = time.process_time() - used
    figures["clock"] = time.perf_counter() - clock
    figures["process"] = time.process_time()
    figures["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_turn(
    script: str, sides: Sequence[str], rounds: int, *arguments: str
) -> dict[str, list[Figures]]:
    """The figures of each side, a run a round; every other round begins with the last side."""
    found: dict[str, list[Figures]] = {side: [] for side in sides}
    environment = {**os.environ, "OMP_NUM_THREADS": "1", **SILENT}
    for number in range(rounds):
        for side in sides if number % 2 == 0 else reversed(sides):
            command = [sys.executable, script, side, *arguments]
            done = subprocess.run(command, stdout=subprocess.PIPE, env=environment, check=True)
            found[side].append(json.loads(done.stdout.splitlines()[-1]))
    return found


def print_table(runs: Runs, against: str, columns: Mapping[str, str]) -> None:
    """A row of medians a side, below it the median ratio to `against` of a round, and its range."""
    print("".join([f"{'':18}", *(f"{title:>21}" for title in columns.values())]))
    for side, found in runs.items():
        medians = [statistics.median(run[figure] for run in found) for figure in columns]
        print("".join([f"{side:18}", *(f"{median:21.4g}" for median in medians)]))
        if side != against:
            cells = (ratio(found, runs[against], figure) for figure in columns)
            print("".join([f"{'  / ' + against:18}", *(f"{cell:>21}" for cell in cells)]))


def ratio(found: Sequence[Figures], against: Sequence[Figures], figure: str) -> str:
    """The median over the rounds, the lowest and the highest, as a cell of a table."""
    pairs = zip(found, against, strict=True)
    ratios = [one[figure] / other[figure] for one, other in pairs]
    return f"{statistics.median(ratios):.3f} ({min(ratios):.2f}-{max(ratios):.2f})"
