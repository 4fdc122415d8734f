"""Drawing in several processes: the same programs in the same order, whatever becomes of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from itertools import islice

import pytest

from codeoutpred import Program
from codeoutpred.errors import InvalidValueError
from codeoutpred.generation.drills import DrillGenerator
from codeoutpred.generation.processes import AHEAD, FIRST, SLICE, drawn
from codeoutpred.generation.synthetic import SyntheticGenerator

WORKERS = 3
COUNT = 2 * FIRST + (2 * WORKERS * AHEAD + 1) * SLICE + 7


def numbered(seed: int, number: int) -> Program:
    """A program that tells which process drew it."""
    print("a draw may print")
    source = f"{seed} + {number}"
    return Program(id=f"{number}", language="python", source=source, generator=f"{os.getpid()}")


def fails_elsewhere(home: int, number: int) -> Program:
    """Draws in one process only."""
    if os.getpid() != home:
        raise RuntimeError("not here")
    return numbered(0, number)


def fails_late(number: int) -> Program:
    if number == COUNT - 2:
        raise ValueError(f"there is no program {number}")
    return numbered(0, number)


def children() -> set[int]:
    """The processes that this one has started and not yet seen the end of."""
    listed = subprocess.run(
        ["ps", "-ww", "--ppid", str(os.getpid()), "-o", "pid=,args="],
        capture_output=True,
        text=True,
    )
    rows = [line.split(None, 1) for line in listed.stdout.splitlines()]
    return {int(pid) for pid, command in rows if "generation.processes" in command}


def ids(programs: Iterator[Program]) -> list[int]:
    return [int(program.id) for program in programs]


def test_many_programs_come_from_processes_in_their_order() -> None:
    programs = list(drawn(partial(numbered, 7), range(5, 5 + COUNT), workers=WORKERS))
    assert ids(iter(programs)) == list(range(5, 5 + COUNT))
    assert {program.source for program in programs[-3:]} == {
        f"7 + {number}" for number in range(COUNT + 2, COUNT + 5)
    }
    makers = {program.generator for program in programs[2 * FIRST :]}
    assert len(makers) == WORKERS and str(os.getpid()) not in makers
    assert {program.generator for program in programs[: 2 * FIRST]} == {str(os.getpid())}
    assert not children()


@pytest.mark.parametrize("workers", [0, -1])
def test_no_workers_is_an_error(workers: int) -> None:
    with pytest.raises(InvalidValueError, match=f"workers is {workers}; it must be at least 1"):
        next(drawn(partial(numbered, 0), range(5), workers=workers))


def test_no_more_processes_are_started_than_there_are_slices() -> None:
    programs = drawn(partial(numbered, 0), range(2 * FIRST + SLICE + 1), workers=WORKERS)
    assert ids(islice(programs, 2 * FIRST + 1))[-1] == 2 * FIRST
    assert len(children()) == 2
    assert len(list(programs)) == SLICE


class Unruly:
    """Draws here, and does not let itself be pickled."""

    def __call__(self, number: int) -> Program:
        return numbered(0, number)

    def __reduce__(self) -> str:
        raise ValueError("not to be pickled")


def test_whatever_pickling_raises_the_programs_are_drawn() -> None:
    assert ids(drawn(Unruly(), range(COUNT), workers=WORKERS)) == list(range(COUNT))


@pytest.mark.parametrize("count", [0, 1, 2 * FIRST])
def test_few_programs_are_drawn_here(count: int) -> None:
    programs = list(drawn(partial(numbered, 0), range(count), workers=WORKERS))
    assert ids(iter(programs)) == list(range(count))
    assert {program.generator for program in programs} <= {str(os.getpid())}


def test_one_worker_is_this_process() -> None:
    programs = drawn(partial(numbered, 0), range(COUNT), workers=1)
    assert {program.generator for program in programs} == {str(os.getpid())}


def test_a_function_that_cannot_go_elsewhere_draws_here() -> None:
    programs = list(drawn(lambda number: numbered(0, number), range(COUNT), workers=WORKERS))
    assert ids(iter(programs)) == list(range(COUNT))
    assert {program.generator for program in programs} == {str(os.getpid())}


def test_what_processes_do_not_deliver_is_drawn_here() -> None:
    programs = drawn(partial(fails_elsewhere, os.getpid()), range(COUNT), workers=WORKERS)
    assert ids(programs) == list(range(COUNT))


def test_processes_that_are_killed_take_no_program_along() -> None:
    programs = drawn(partial(numbered, 0), range(COUNT), workers=WORKERS)
    found = list(islice(programs, 2 * FIRST + SLICE))
    victims = children()
    assert len(victims) == WORKERS
    for victim in victims:
        os.kill(victim, signal.SIGKILL)
    assert ids(iter([*found, *programs])) == list(range(COUNT))


def test_an_error_of_the_function_is_raised_here_after_the_programs_before_it() -> None:
    programs = drawn(fails_late, range(COUNT), workers=WORKERS)
    assert ids(islice(programs, COUNT - 2)) == list(range(COUNT - 2))
    with pytest.raises(ValueError, match="there is no program"):
        next(programs)
    assert not children()


def test_whoever_stops_asking_leaves_no_process_behind() -> None:
    programs = drawn(partial(numbered, 0), range(10**9), workers=WORKERS)
    assert ids(islice(programs, 2 * FIRST + 1))[-1] == 2 * FIRST
    assert children()
    programs.close()  # type: ignore[attr-defined]  # a generator
    assert not children()


def test_processes_end_with_the_one_that_started_them() -> None:
    code = (
        "import os, sys\n"
        "from functools import partial\n"
        "from itertools import islice\n"
        "from codeoutpred.generation.processes import drawn\n"
        "from codeoutpred.generation.synthetic import SyntheticGenerator\n"
        "programs = SyntheticGenerator(workers=2).generate(count=10**6, seed=0)\n"
        "list(islice(programs, 600))\n"
        "print('drawing', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "drawing\n"
        listed = subprocess.run(
            ["ps", "--ppid", str(process.pid), "-o", "pid="], capture_output=True, text=True
        )
        orphans = [int(pid) for pid in listed.stdout.split()]
        assert len(orphans) == 2
        process.kill()
    deadline = 30
    for orphan in orphans:
        end = subprocess.run(
            ["timeout", str(deadline), "tail", f"--pid={orphan}", "-f", "/dev/null"]
        )
        assert end.returncode == 0, "a process outlives the one that started it"


@pytest.mark.parametrize(
    "kind", [SyntheticGenerator, partial(SyntheticGenerator, language="rust"), DrillGenerator]
)
def test_generators_draw_the_same_in_processes_as_alone(kind) -> None:
    several, alone = (
        list(kind(workers=workers).generate(count=700, seed=11, start=3)) for workers in (2, 1)
    )
    assert several == alone
