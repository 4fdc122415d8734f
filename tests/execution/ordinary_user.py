"""Work done as a user without any rights, where the tests themselves run as root."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from codeoutpred.execution import LocalExecutor
from codeoutpred.execution.isolation import find_isolation
from codeoutpred.execution.rust.toolchain import rustc
from codeoutpred.execution.sandbox import kernel
from codeoutpred.hookspecs import LanguageRegistry
from codeoutpred.records import Execution, Limits, Program

USER = 65_534
CLONE_NEWNS = 0x00020000


@cache
def reachable_python() -> str | None:
    """An interpreter that an ordinary user can start; root's own often lies in root's home."""
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        check = [python, "-S", "-c", "import ctypes, sys; assert sys.version_info >= (3, 10)"]
        try:
            subprocess.run(
                check, user=USER, group=USER, extra_groups=[], check=True, capture_output=True
            )
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    return None


class OrdinaryUser:
    """A process of an ordinary user, forked from this one, that answers calls one by one."""

    def __init__(self, make: Callable[[], Callable[..., Any]]) -> None:
        """`make` is called there, and gives the function that is called with what is asked."""
        self._pipe, far = multiprocessing.Pipe()
        context = multiprocessing.get_context("fork")
        self._process = context.Process(target=_answer, args=(far, self._pipe, make), daemon=False)
        self._process.start()
        far.close()

    def ask(self, *arguments: Any, **named: Any) -> Any:
        """What the function gives there; RuntimeError with the trace where it raises."""
        self._pipe.send((arguments, named))
        answer, trace = self._pipe.recv()
        if trace:
            raise RuntimeError(trace)
        return answer

    def close(self) -> None:
        """End the process and what it made."""
        self._pipe.close()
        self._process.join(30)
        self._process.close()


class OrdinaryExecutor(OrdinaryUser):
    """A `LocalExecutor` of an ordinary user."""

    def __init__(self, languages: LanguageRegistry, level: str) -> None:
        languages.get("python").toolchain()  # nothing is left for it to import

        def make() -> Callable[..., Execution]:
            return LocalExecutor(languages, workers=1, isolation=level).run

        super().__init__(make)

    def run(self, program: Program, *, limits: Limits) -> Execution:
        execution: Execution = self.ask(program, limits=limits)
        return execution


def _open_home() -> None:
    """Here alone, have what root keeps in a closed home stand open: interpreters, toolchains.

    Raises an error where the mounts of this process cannot be its own.
    """
    home = Path.home()
    tools = (sys.prefix, sys.base_prefix, *rustc()[:2], shutil.which("rustc") or "")
    inside = {Path(tool).relative_to(home).parts[0] for tool in tools if home in Path(tool).parents}
    if home.stat().st_mode & 0o001 or not inside:
        return
    kernel.call("unshare", CLONE_NEWNS)
    _mount("--make-rprivate", "/")
    with tempfile.TemporaryDirectory() as elsewhere:
        _mount("--bind", home, elsewhere)
        _mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", home)
        for name in inside:
            (home / name).mkdir()
            _mount("--bind", Path(elsewhere) / name, home / name)
        subprocess.run(["umount", elsewhere], check=True)


def _mount(*words: str | Path) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)


def _answer(pipe: Connection, other: Connection, make: Callable[[], Callable[..., Any]]) -> None:
    other.close()
    try:
        _open_home()
    except (OSError, subprocess.CalledProcessError):
        sys.executable = reachable_python() or sys.executable
    find_isolation.cache_clear()
    os.setgroups([])
    os.setresgid(USER, USER, USER)
    os.setresuid(USER, USER, USER)
    function = None
    while True:
        try:
            arguments, named = pipe.recv()
        except EOFError:
            return
        try:
            function = function or make()
            pipe.send((function(*arguments, **named), ""))
        except BaseException:
            pipe.send((None, traceback.format_exc()))
