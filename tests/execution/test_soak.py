"""Many jobs, one in twenty hostile: none is lost, and nothing is left."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
from execution_programs import eventually, folders, living, script
from hostile_programs import HOSTILE

from codeoutpred.execution import LocalExecutor
from codeoutpred.hookspecs import LanguageRegistry
from codeoutpred.records import Job, Limits

FEW, MANY = 300, 20_000
EVERY = 20
LIMITS = Limits(cpu_seconds=0.3, wall_seconds=1, processes=16)
MOST_GROWTH = 20 * 1024**2
KINDS = (
    "print({0} * 3)",
    "import json; print(json.dumps({0} * 3))",
    "def f(n): return n + f(n - 1) if n else 0\nprint(f(2) * {0})",
    "print(sum([{0}, {0}, {0}]))",
)


def is_hostile(number: int) -> bool:
    return number % EVERY == EVERY - 1


def jobs(count: int) -> Iterator[Job]:
    hostile = [source for source, _ in HOSTILE.values()]
    for number in range(count):
        if is_hostile(number):
            source = hostile[number // EVERY % len(hostile)]
        else:
            source = KINDS[number % len(KINDS)].format(number)
        yield Job(program=script(source))


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def memory() -> int:
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * resource.getpagesize()


@pytest.mark.parametrize(
    ("level", "count"),
    [
        ("full", FEW),
        ("filtered", FEW),
        pytest.param("full", MANY, marks=pytest.mark.long),
    ],
)
def test_no_job_is_lost_among_hostile_ones_and_nothing_is_left(
    languages: LanguageRegistry, level: str, count: int
) -> None:
    places, processes = folders(), living()
    with LocalExecutor(languages, isolation=level) as executor:
        list(executor.run_many(jobs(40), limits=LIMITS))
        size = memory()
    held = descriptors()
    wrong, done = [], 0
    with LocalExecutor(languages, isolation=level) as executor:
        for number, execution in enumerate(executor.run_many(jobs(count), limits=LIMITS)):
            done += 1
            if not is_hostile(number) and execution.stdout != f"{number * 3}\n":
                wrong.append((number, execution))
    assert (done, wrong) == (count, [])
    assert memory() - size < MOST_GROWTH
    assert descriptors() == held
    assert eventually(lambda: (living(), folders()) == (processes, places))
