"""Any program, started inside containment:

    python -s -S -B sandbox/contain.py --level full --folder DIR [options] -- COMMAND [WORD ...]

`--folder` is an empty folder that exists; its path is the only one that may be written to inside.
`--read PATH` (any number of times) names files or folders that may be read and run beside the
system's libraries, this Python and COMMAND itself: toolchains, scripts. `--room BYTES` bounds what
the folder holds under `full`. `--processes N` bounds processes and threads, COMMAND's first one
included; `--threads-alone` forbids processes. `--data BYTES` sets RLIMIT_DATA. Environment, working
directory (where it exists inside, else `/`) and descriptors 0, 1 and 2 are passed on.

Under `full`, COMMAND is process 1 inside: when it ends or is killed, everything inside ends. The
process that was started stays outside: killing that kills COMMAND, the end of its standard input
kills COMMAND 5 seconds later, and its exit status is COMMAND's (128 + N for a signal N). What
cannot be entered is an exit status of 1 and one line on standard error.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
from collections.abc import Sequence

TYPE_CHECKING = False  # see `warmth`
if TYPE_CHECKING:
    from codeoutpred.execution.sandbox import containment
    from codeoutpred.execution.sandbox.folder import ROOM
    from codeoutpred.execution.sandbox.levels import LEVELS
else:
    import containment
    from folder import ROOM
    from levels import LEVELS


def main(words: Sequence[str]) -> None:
    """Enter containment and become the command."""
    options = _parser().parse_args(words)
    command = shutil.which(options.command[0])
    if command is None:
        raise FileNotFoundError(f"{options.command[0]} is not on the search path")
    before, user = os.getcwd(), os.getuid()
    inside = containment.enter(
        options.level,
        options.folder,
        read=[*options.read, command],
        room=options.room,
        processes=not options.threads_alone,
    )
    os.chdir(before if os.path.isdir(before) else "/")
    if options.processes:
        tasks = options.processes + (inside.tasks - 1 if inside else 0)
        resource.setrlimit(resource.RLIMIT_NPROC, (tasks, tasks))
    if options.data:
        resource.setrlimit(resource.RLIMIT_DATA, (options.data,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    containment.narrow(
        options.level, owns_files=os.getuid() == user, processes=not options.threads_alone
    )
    os.execv(command, options.command)  # noqa: S606


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="contain.py", allow_abbrev=False)
    parser.add_argument("--level", choices=LEVELS, required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--read", action="append", default=[])
    parser.add_argument("--room", type=int, default=ROOM)
    parser.add_argument("--processes", type=int)
    parser.add_argument("--threads-alone", action="store_true")
    parser.add_argument("--data", type=int)
    parser.add_argument("command", nargs="+")
    return parser


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except OSError as error:
        sys.exit(f"cannot be contained: {error}")
