"""Which isolation holds is found out by trying, reported, and asked for by those who run code."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from execution_programs import script
from ordinary_user import OrdinaryUser, reachable_python

import codeoutpred
from codeoutpred.errors import InvalidValueError
from codeoutpred.execution import Isolation, LocalExecutor, find_isolation, make_executor, probes
from codeoutpred.execution.commands import SERVERS
from codeoutpred.execution.isolation import _hole
from codeoutpred.hookspecs import LanguageRegistry

OUR_OWN = dataclasses.replace(script("print(1)"), generator="drills")


@pytest.mark.parametrize("level", ["full", "filtered", "limits"])
def test_the_level_asked_for_is_reported(languages: LanguageRegistry, level: str) -> None:
    with LocalExecutor(languages, workers=1, isolation=level, allow_isolation="limits") as executor:
        execution = executor.run(script("print(1)"))
    assert (execution.isolation, execution.stdout) == (level, "1\n")


def test_the_best_level_that_holds_is_found() -> None:
    found = find_isolation()
    assert not _hole(found.level)


REFUSES = """
import errno, sys
sys.path.insert(0, {sandbox!r})
import capabilities, seccomp
rules, refusal = [], (seccomp.RETURN, 0, 0, seccomp.ERRNO | errno.EPERM)
for number in {numbers}:
    rules += [(seccomp.JUMP_EQUAL, 0, 1, number), refusal]
capabilities.forbid_new()
seccomp.install(rules)
from codeoutpred.execution import find_isolation
print(find_isolation().level, find_isolation().reason)
"""
UNSHARE = {"x86_64": 272, "aarch64": 97}[os.uname().machine]
LANDLOCK = 444


@pytest.mark.parametrize(
    ("refused", "level"), [([UNSHARE], "filtered"), ([UNSHARE, LANDLOCK], "limits")]
)
def test_where_a_system_call_is_refused_the_next_best_level_is_found(
    refused: list[int], level: str
) -> None:
    sandbox = str(Path(codeoutpred.__file__).parent / "execution" / "sandbox")
    source = REFUSES.format(sandbox=sandbox, numbers=refused)
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True)
    found, _, reason = done.stdout.partition(" ")
    assert found == level, done
    assert "full isolation is not to be had here" in reason


@pytest.mark.skipif(os.getuid() != 0, reason="needs root")
@pytest.mark.skipif(reachable_python() is None, reason="no Python for an ordinary user")
def test_an_ordinary_user_has_the_same_isolation_as_root(languages: LanguageRegistry) -> None:
    def make() -> Callable[[], Isolation]:
        return find_isolation

    ordinary = OrdinaryUser(make)
    try:
        assert ordinary.ask().level == find_isolation().level
    finally:
        ordinary.close()


def test_a_level_that_does_not_hold_has_a_hole(monkeypatch: pytest.MonkeyPatch) -> None:
    start = SERVERS["python"]
    monkeypatch.setitem(SERVERS, "python", lambda folder, _: start(folder, "limits"))
    hole = _hole("filtered")
    assert hole.startswith("'filtered' does not hold: programs can read files, write files")
    assert "use the network" in hole


def test_a_level_whose_probes_do_not_come_to_their_end_is_not_taken_to_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(probes, "FILLS", "raise SystemExit({0})")
    assert _hole("full") == "'full' cannot be told to hold: a probe came to no end"


@pytest.mark.parametrize("level", ["limits", "none"])
def test_below_filtered_a_program_that_nobody_vouches_for_is_refused(
    languages: LanguageRegistry, level: str
) -> None:
    with LocalExecutor(languages, workers=1, isolation=level) as executor:
        refused, trusted = executor.run(script("print(1)")), executor.run(OUR_OWN)
    assert (refused.status, refused.isolation) == ("infrastructure", level)
    assert f'allow_isolation="{level}"' in refused.detail
    assert "read your files" in refused.detail
    assert (trusted.status, trusted.isolation) == ("ok", level)


def test_what_is_allowed_runs(languages: LanguageRegistry) -> None:
    with make_executor(
        languages, workers=1, isolation="limits", allow_isolation="limits"
    ) as executor:
        assert executor.run(script("print(1)")).stdout == "1\n"


@pytest.mark.parametrize("option", ["isolation", "allow_isolation"])
def test_an_unknown_level_is_one_clear_error(languages: LanguageRegistry, option: str) -> None:
    with pytest.raises(InvalidValueError, match="'fool' is none of full, filtered, limits, none"):
        LocalExecutor(languages, workers=1, **{option: "fool"})  # type: ignore[arg-type]


@pytest.mark.parametrize("level", ["full", "filtered"])
def test_the_isolation_of_a_command_is_that_of_its_server(
    languages: LanguageRegistry, level: str
) -> None:
    source = "cat /etc/passwd /proc/1/environ; kill -9 $PPID; echo done"
    with LocalExecutor(languages, workers=1, isolation=level) as executor:
        execution = executor.run(script(source, "bash"))
        assert execution.stdout == "done\n"
        assert executor.run(script("print(1)")).stdout == "1\n"
