"""The command `execute`: runs one file as the programs of a dataset are run, once."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from codeoutpred.cli.arguments import add_command, add_json
from codeoutpred.cli.values import positive
from codeoutpred.errors import InvalidValueError
from codeoutpred.records import Execution, Job, Limits, Program

if TYPE_CHECKING:
    from codeoutpred.cli.arguments import Commands
    from codeoutpred.hookspecs import LanguageRegistry

ISOLATION = ("filtered", "limits", "none")
"""What may be allowed, the safest first; better isolation needs no leave."""
TRACE_STEPS = 1000
SOURCE_WIDTH = 40


def add_commands(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "execute", execute, "run a program under the limits of datasets")
    parser.add_argument("file", type=Path, metavar="FILE", help="the source file")
    parser.add_argument("--language", metavar="L", help="default: guessed from the suffix")
    parser.add_argument("--entry", default="", metavar="NAME", help="call this function")
    parser.add_argument(
        "--arguments", metavar="TEXT", help="the text between the parentheses of the call"
    )
    parser.add_argument(
        "--timeout",
        type=positive,
        metavar="S",
        help="seconds of processor time the program may take, and five times as many by the clock",
    )
    parser.add_argument(
        "--allow-isolation",
        choices=ISOLATION,
        default=ISOLATION[0],
        help="run it even where no better isolation is to be had (default: %(default)s)",
    )
    parser.add_argument(
        "--trace", action="store_true", help="show the lines that ran and what they changed"
    )
    add_json(parser)


def execute(options: Namespace) -> int:
    """Run the file; its output on standard output, how it ended on standard error.

    The program reads what this command finds on standard input, unless that is a terminal.
    """
    from codeoutpred.cli.terminal import installed_plugins, message, print_json
    from codeoutpred.execution import make_executor

    if options.arguments is not None and not options.entry:
        raise InvalidValueError("--arguments goes with --entry NAME, the function to call")
    languages = installed_plugins().languages
    program = Program(
        id=str(options.file),
        language=languages.get(options.language or guess_language(options.file, languages)).name,
        source=_read(options.file),
        kind="call" if options.entry else "script",
        entry=options.entry,
    )
    limits = Limits()
    if options.timeout:
        wall = options.timeout * limits.wall_seconds / limits.cpu_seconds
        limits = Limits(cpu_seconds=options.timeout, wall_seconds=wall)
    with make_executor(
        languages, workers=1, verify=False, allow_isolation=options.allow_isolation
    ) as executor:
        job = Job(
            program=program,
            arguments=options.arguments or "",
            stdin=_standard_input(),
            trace_steps=TRACE_STEPS if options.trace else 0,
        )
        [done] = executor.run_many([job], limits=limits)
    if options.json:
        print_json(done.to_dict())
    else:
        sys.stdout.write(done.stdout)
        if done.value:
            print(done.value)
        sys.stdout.flush()
        for line in _trace_lines(done, program.source):
            print(line, file=sys.stderr)
        message(_ending(done))
    return 0 if done.status == "ok" else 1


def guess_language(file: Path, languages: LanguageRegistry) -> str:
    """The language of the file's suffix; `InvalidValueError` where it is nobody's."""
    for name in languages.names():
        if languages.get(name).suffix == file.suffix:
            return name
    raise InvalidValueError(
        f"the language of {file} cannot be told from its suffix; "
        f"give --language: {', '.join(languages.names())}"
    )


def _trace_lines(done: Execution, source: str) -> Iterator[str]:
    if not done.steps:
        return
    lines = source.splitlines()
    for step in done.trace:
        text = lines[step.line - 1] if step.line <= len(lines) else ""
        changed = ", ".join(f"{name} = {value}" for name, value in step.changed.items())
        yield f"{step.line:>4}  {text:<{SOURCE_WIDTH}}  {changed}".rstrip()
    yield f"{done.steps} steps" + (
        f", the first {len(done.trace)} shown" if len(done.trace) < done.steps else ""
    )


def _standard_input() -> str:
    try:
        if os.isatty(0):
            return ""
        with open(0, "rb", closefd=False) as file:
            return file.read().decode()
    except UnicodeDecodeError as error:
        raise InvalidValueError(f"standard input is not UTF-8 text: {error}") from error
    except OSError:  # there is none
        return ""


def _ending(done: Execution) -> str:
    if done.status == "ok":
        return f"ok, {done.cpu_seconds:.3f} s of processor time, isolation {done.isolation}"
    return ": ".join(part for part in (done.status, done.error, done.detail) if part)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidValueError(f"cannot read {file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InvalidValueError(f"{file} is not UTF-8 text: {error}") from error
