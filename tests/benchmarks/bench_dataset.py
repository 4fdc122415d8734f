"""What the dataset room costs by itself: time and memory of a build that executes nothing.

A stub generator hands out programs of the size of synthetic ones, a stub executor gives the answer
that the program foresees; fingerprints, filters, journal and files are the real ones of Python.

Usage: bench_dataset.py [SMALL LARGE], samples, by default 20,000 and 200,000.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from codeoutpred import Case, Execution, Job, Limits, Program, load_plugins
from codeoutpred.data import SPLITS, DatasetSpec, DatasetStore, Manifest, Part, build_dataset

T = TypeVar("T")

SCRIPT = """\
prices = [{a}, {b}, {c}]
total = {d}
for price in prices:
    if price % 2 == 0:
        total += price * {e}
    else:
        total -= price
print(total, max(prices))"""
FUNCTION = """\
def total(prices, factor):
    kept = [price * factor for price in prices if price > {a}]
    label = 'n' * (len(kept) % 5)
    total = sum(kept) + {b} + factor * {c} - {d} % (factor + {e})
    return [total, label]"""


class Stubs:
    """Scripts and functions in turn, no two alike, each answer another."""

    def generate(self, *, count: int, seed: int, start: int = 0) -> Iterator[Program]:
        """Programs number `start` to `start + count - 1`."""
        for index in range(start, start + count):
            yield self._program(index)

    def _program(self, index: int) -> Program:
        a, b, c, d, e = (index // 97**power % 97 for power in range(5))
        if index % 2:
            source, kind, entry = SCRIPT.format(a=a, b=b, c=c, d=d, e=e), "script", ""
            cases = (Case(expected=f"{index} {a}", trace="5: total = 4\n" * 12),)
        else:
            source, kind, entry = FUNCTION.format(a=a, b=b, c=c, d=d, e=e), "call", "total"
            cases = tuple(
                Case(
                    arguments=f"[{case}, {a}, {b}], {c}",
                    expected=f"[{index}, 'n{case}']",
                    trace="2: kept = [4, 5]\n" * 5,
                )
                for case in range(2)
            )
        return Program(
            id=f"stub-{index}",
            language="python",
            source=source,
            kind=kind,  # type: ignore[arg-type]
            entry=entry,
            cases=cases,
            generator="stub",
            difficulty=index % 3 + 1,
            operations=("arithmetic", "list", "loop"),
        )


class Foreseen:
    """Gives the answers that the programs foresee."""

    def run(self, program: Program, arguments: str = "", *, limits: Limits = Limits()) -> Execution:  # noqa: B008
        """The foreseen outcome of one case."""
        [case] = [case for case in program.cases if case.arguments == arguments]
        if program.kind == "call":
            return Execution(status="ok", value=case.expected, isolation="none")
        return Execution(status="ok", stdout=case.expected + "\n", isolation="none")

    def run_many(self, jobs: Iterable[Job], *, limits: Limits = Limits()) -> Iterator[Execution]:  # noqa: B008
        """The outcomes of the jobs, one at a time."""
        for job in jobs:
            yield self.run(job.program, job.arguments)


def measure(num_samples: int) -> tuple[float, float, float, float]:
    """Processor seconds of a build without its stubs, of the fingerprints in it and of reading it;
    and the growth of the peak of memory in MB."""
    plugins = load_plugins(use_entry_points=False)
    with tempfile.TemporaryDirectory() as folder:
        store = DatasetStore(Path(folder))

        def build(name: str, num_samples: int) -> Manifest:
            return build_dataset(
                DatasetSpec(name=name, languages=("python",), num_samples=num_samples),
                store=store,
                generators={Part("synthetic", "python"): Stubs()},
                languages=plugins.languages,
                executor=Foreseen(),
            )

        def read() -> None:
            for split in SPLITS:
                deque(store.samples("bench", split), maxlen=0)

        build("warm", 100)  # loads what is loaded once
        before = _peak()
        built, manifest = _timed(lambda: build("bench", num_samples))
        reading, _ = _timed(read)
        grown = _peak() - before
    programs = manifest.candidates["python"] * 2 // 3
    generated, _ = _timed(lambda: deque(Stubs().generate(count=programs, seed=0), maxlen=0))
    fingerprint = plugins.languages.get("python").fingerprint
    both, _ = _timed(
        lambda: deque(
            (fingerprint(p.source) for p in Stubs().generate(count=programs, seed=0)), maxlen=0
        )
    )
    return built - generated, both - generated, reading, grown


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    began = time.process_time()
    done = work()
    return time.process_time() - began, done


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(small: int, large: int) -> None:
    """Print the table; each size in a process of its own."""
    context = multiprocessing.get_context("spawn")
    print(
        f"{'samples':>12}{'room, s':>10}{'a second':>10}{'fingerprints, s':>17}{'ratio':>7}", end=""
    )
    print(f"{'read, s':>9}{'peak, MB':>10}")
    peaks = []
    for size in (small, large):
        with context.Pool(1) as pool:
            room, fingerprints, read, grown = pool.apply(measure, (size,))
        peaks.append(grown)
        print(f"{size:12,}{room:10.1f}{size / room:10.0f}{fingerprints:17.1f}", end="")
        print(f"{room / fingerprints:7.1f}{read:9.1f}{grown:10.0f}")
    print(f"samples {large / small:.1f} times as many, peak {peaks[1] / peaks[0]:.2f}, ", end="")
    print(f"{1024**2 * (peaks[1] - peaks[0]) / (large - small):.0f} B for each sample more")


if __name__ == "__main__":
    sizes = [int(word) for word in sys.argv[1:]] or [20_000, 200_000]
    main(*sizes)
