"""Chance and the clock in JavaScript: the same for every program, and found out by verification."""

from __future__ import annotations

import pytest
from javascript_programs import GENEROUS, javascript, needs_node

from codeoutpred.execution import LocalExecutor, VerifiedExecutor
from codeoutpred.records import Execution

pytestmark = needs_node

CHANGING = [
    "Math.random()",
    "Date.now()",
    "new Date().getDay()",
    "(() => { const start = Date.now(); return Date.now() - start })()",
    "performance.now()",
    "process.hrtime.bigint()",
    "process.pid",
    "require('crypto').randomUUID()",
    "require('os') && Math.random()",
    "[3, 1, 2].sort(() => Math.random() - 0.5).concat(Math.random())",
]


@pytest.mark.parametrize("expression", CHANGING)
def test_chance_and_the_clock_are_found_out(verified: VerifiedExecutor, expression: str) -> None:
    done = verified.run(javascript(f"console.log({expression})"), limits=GENEROUS)
    assert (done.status, "stdout differed" in done.detail) == ("nondeterministic", True)


@pytest.mark.parametrize(
    "expression",
    [
        "new Date(0)",
        "Math.floor(Math.random())",
        "(() => { const end = Date.now() + 500; while (Date.now() < end); return 'waited' })()",
        "[...new Set([3, 1, 2])], Object.keys({ b: 1, a: 2, 1: 3 })",
        "new Date(2024, 1, 29, 12).toString(), (1e6).toLocaleString()",
    ],
)
def test_what_does_not_hang_on_them_is_left_alone(
    verified: VerifiedExecutor, expression: str
) -> None:
    done = verified.run(javascript(f"console.log({expression})"), limits=GENEROUS)
    assert (done.status, done.detail) == ("ok", "")


def run_twice(executor: LocalExecutor, source: str) -> list[Execution]:
    return [executor.run(javascript(source), limits=GENEROUS) for _ in range(2)]


def test_chance_is_the_same_for_every_program(executor: LocalExecutor) -> None:
    one, other = run_twice(executor, "console.log(Math.random(), Math.random(), new Date())")
    assert (one.status, one.stdout) == ("ok", other.stdout)
    assert len(set(one.stdout.split())) == 3


@pytest.mark.parametrize(
    "expression", ["new Date().getFullYear()", "new Date().getMonth()", "new Date().getHours()"]
)
def test_the_date_is_found_out_in_each_of_its_parts(
    verified: VerifiedExecutor, expression: str
) -> None:
    done = verified.run(javascript(f"console.log({expression})"), limits=GENEROUS)
    assert (done.status, "stdout differed" in done.detail) == ("nondeterministic", True)


def test_a_race_of_the_shortest_timer_and_what_is_to_happen_at_once_is_found_out(
    verified: VerifiedExecutor,
) -> None:
    race = "setTimeout(() => console.log('timer')); setImmediate(() => console.log('at once'))"
    assert verified.run(javascript(race), limits=GENEROUS).status == "nondeterministic"
    far = "setTimeout(() => console.log('timer'), 5); setImmediate(() => console.log('at once'))"
    assert verified.run(javascript(far), limits=GENEROUS).stdout == "at once\ntimer\n"
