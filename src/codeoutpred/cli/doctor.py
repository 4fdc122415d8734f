"""The command `doctor`: what this machine has, what is missing, and the command that mends it."""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import shutil
import sys
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Literal

from codeoutpred.cli.arguments import add_command, add_json
from codeoutpred.errors import CodeOutPredError
from codeoutpred.hookspecs import PROJECT
from codeoutpred.records import Program

if TYPE_CHECKING:
    from codeoutpred.cli.arguments import Commands
    from codeoutpred.hookspecs import LanguageRegistry

_REQUIREMENT = re.compile(r"([\w.-]+)\s*(?:\[[^]]*\])?\s*(?:>=\s*([\d.]+))?")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `missing` fails the examination, `note` does not."""

    check: str
    state: Literal["ok", "note", "missing"]
    found: str
    mend: str = ""


def add_commands(commands: Commands) -> None:
    """Add the command."""
    add_json(add_command(commands, "doctor", examine, "check this machine and what is installed"))


def examine(options: Namespace) -> int:
    """Print all findings; 1 where something required is missing."""
    from codeoutpred.cli.terminal import installed_plugins, plain_table, print_json, print_table

    plugins = installed_plugins()
    findings = [
        Finding("Python", "ok", f"{platform.python_version()} at {sys.executable}"),
        *packages(),
        execution(plugins.languages),
        *toolchains(plugins.languages),
        gpu(),
        *machine(),
        *(Finding("plugin", "note", line, "update or remove it") for line in plugins.errors),
    ]
    if options.json:
        print_json([asdict(finding) for finding in findings])
    else:
        rows = [(f.check, f.state, f.found, f.mend) for f in findings]
        print_table(plain_table(("check", "state", "found", "what to do"), rows))
    return int(any(finding.state == "missing" for finding in findings))


def packages() -> Iterator[Finding]:
    """The packages that the installed codeoutpred requires, with their versions."""
    try:
        required = metadata.requires(PROJECT) or []
    except metadata.PackageNotFoundError:
        yield Finding(PROJECT, "missing", "not installed", f"pip install {PROJECT}")
        return
    for requirement in required:
        match = _REQUIREMENT.match(requirement)
        if match is None or "extra ==" in requirement:
            continue
        name, bound = match[1], match[2] or "0"
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield Finding(name, "missing", "not installed", f"pip install '{name}>={bound}'")
            continue
        if _numbers(version) < _numbers(bound):
            found = f"{version}, older than {bound}"
            yield Finding(name, "missing", found, f"pip install --upgrade '{name}>={bound}'")
        else:
            yield Finding(name, "ok", version)


def execution(languages: LanguageRegistry) -> Finding:
    """Whether a program runs, and under which isolation; found out by running one."""
    from codeoutpred.execution import find_isolation, make_executor

    program = Program(id="doctor", language="python", source="print(6 * 7)")
    try:
        with make_executor(languages, workers=1, verify=False, allow_isolation="none") as executor:
            done = executor.run(program)
    except (CodeOutPredError, OSError) as error:
        return Finding("execution", "missing", str(error), "use Linux, a container or WSL 2")
    if done.status != "ok" or done.stdout != "42\n":
        return Finding("execution", "missing", f"{done.status}: {done.detail}")
    found = f"programs run, isolation: {done.isolation}"
    if done.isolation == "full":
        return Finding("execution", "ok", found)
    return Finding("execution", "note", found, f"full isolation: {find_isolation().reason}")


def toolchains(languages: LanguageRegistry) -> Iterator[Finding]:
    """The toolchain of each language; a missing one is needed only by who uses that language."""
    for name in languages.names():
        try:
            language = languages.get(name)
        except CodeOutPredError as error:
            yield Finding(f"language {name}", "note", str(error))
            continue
        version = language.toolchain()
        if version is None:
            yield Finding(f"language {name}", "note", "no toolchain", language.install_hint)
        else:
            yield Finding(f"language {name}", "ok", version)


def gpu() -> Finding:
    """The GPUs that torch sees; none is no fault."""
    if importlib.util.find_spec("torch") is None:
        return Finding("GPU", "note", "unknown without torch")
    try:
        import torch

        names = [
            f"{torch.cuda.get_device_name(number)}, "
            f"{torch.cuda.get_device_properties(number).total_memory / 1e9:.0f} GB"
            for number in range(torch.cuda.device_count())
        ]
    except Exception as error:  # a broken driver may raise anything
        return Finding("GPU", "note", f"cannot be asked: {error}")
    if not names:
        return Finding("GPU", "note", "none: tiny trains on the CPU, larger models need one")
    return Finding("GPU", "ok", "; ".join(names))


def machine() -> Iterator[Finding]:
    """Cores, memory, and the free disk of the working folder."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    yield Finding("cores", "ok", str(cores))
    yield Finding("memory", "ok", f"{memory / 1e9:.1f} GB")
    yield Finding("free disk", "ok", f"{shutil.disk_usage('.').free / 1e9:.1f} GB")


def _numbers(version: str) -> tuple[int, ...]:
    """The release numbers of a version: `2.13.0+cpu` gives (2, 13, 0)."""
    match = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(map(int, match[0].split("."))) if match else ()
