"""The child's side: one program, run as `__main__` or as a command, and its record written.

Whatever a child writes is data to the supervisor: a program can forge its own outcome, and no
other's.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import atexit
import os
import resource
import sys
import types

TYPE_CHECKING = False  # see `warmth`
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, NoReturn

    from codeoutpred.execution.sandbox import frames
    from codeoutpred.execution.sandbox.tracing import Tracer
else:
    import frames
    from tracing import Tracer

RESULT_DESCRIPTOR = 200
FILE_NAME = "program.py"
RECURSION_LIMIT = 1000
FRAMES = 2
"""Below a program, of this file: `run_python` or `run_group`, and `evaluate`."""
MAX_DETAIL = 300
COMPILER_LIMITS = (
    (resource.RLIMIT_CPU, 30),
    (resource.RLIMIT_DATA, 2 * 1024**3),
    (resource.RLIMIT_FSIZE, 256 * 1024**2),
    (resource.RLIMIT_CORE, 0),
)
"""A compiler's own: it needs more than most programs, and works for none but its own program."""
MAX_DIAGNOSTICS, MAX_LINES = 2000, 8
"""Bytes and lines kept of what a compiler complains about."""


def run_python(
    source: bytes, entry: bytes, arguments: bytes, max_output: int, steps: int
) -> NoReturn:
    """Run `source`; where `entry` is named, then evaluate `entry(arguments)`.

    Where `steps` are asked for, keep as many of a trace.
    """
    tracer = Tracer(FILE_NAME, steps) if steps else None
    status, text, detail = evaluate(source, entry, arguments, max_output, {}, tracer)
    _leave(status, text, detail, tracer)


def run_group(items: Sequence[Sequence[bytes]], max_output: int) -> NoReturn:
    """Run a source, an entry and arguments each, one after the other, as far as all goes well.

    Each has a `__main__` of its own and all else in common with the others.
    """
    printed, results = sys.stdout, []
    compiled: dict[bytes, types.CodeType] = {}
    limit = sys.getrecursionlimit()
    for source, entry, arguments in items:
        make_main()
        sys.setrecursionlimit(limit)
        outcome = evaluate(source, entry, arguments, max_output, compiled)
        if outcome[0] not in frames.SETTLED:
            break
        sys.stdout = printed
        printed.flush()
        results.append((os.lseek(1, 0, os.SEEK_CUR), _encoded(*outcome)))
    _end()
    _write(frames.pack_results(results))
    os._exit(0)


def make_main() -> None:
    """A fresh `__main__`."""
    main = types.ModuleType("__main__")
    main.__file__ = FILE_NAME
    sys.modules["__main__"] = main
    sys.argv = [FILE_NAME]


def evaluate(
    source: bytes,
    entry: bytes,
    arguments: bytes,
    max_output: int,
    compiled: dict[bytes, types.CodeType],
    tracer: Tracer | None = None,
) -> tuple[str, str, str]:
    """Status, text and detail of running `source`, and of `entry(arguments)` if one is named.

    In the `__main__` that `make_main` made.

    What is `compiled` already is not compiled again.
    """
    call = None
    try:
        if (code := compiled.get(source)) is None:
            # Bytes, as from a file: a byte-order mark and a coding line mean what they mean there.
            code = compiled[source] = compile(source, FILE_NAME, "exec", dont_inherit=True)
        if entry:
            # The newline keeps a comment in the arguments from swallowing the parenthesis.
            call = compile(entry + b"(" + arguments + b"\n)", "call", "eval", dont_inherit=True)
    except MemoryError:
        return "memory", "", ""
    except (SyntaxError, ValueError, OverflowError, RecursionError) as error:
        return "compile_error", type(error).__name__, str(error)
    text = ""
    if tracer is not None:
        tracer.start()
    try:
        scope = sys.modules["__main__"].__dict__
        exec(code, scope)  # noqa: S102
        if call is not None:
            text = repr(eval(call, scope))  # noqa: S307
            if len(text) > max_output:
                return "output_limit", "", ""
    except MemoryError:
        return "memory", "", ""
    except SystemExit as error:
        if error.code is not None and not (isinstance(error.code, int) and error.code == 0):
            return "exception", "SystemExit", ""
        if call is not None:
            return "exception", "SystemExit", "it ended before it had a value"
    except BaseException as error:
        return "exception", type(error).__name__, _message(error)
    return "ok", text, ""


def run_compiler(words: list[bytes]) -> None:
    """Run a compiler to its end; where it fails, record what it says first and leave."""
    pid = os.fork()
    if pid == 0:
        os.dup2(RESULT_DESCRIPTOR, 1)
        os.dup2(RESULT_DESCRIPTOR, 2)
        for which, limit in COMPILER_LIMITS:
            ceiling = resource.getrlimit(which)[1]
            most = limit if ceiling == resource.RLIM_INFINITY else min(limit, ceiling)
            resource.setrlimit(which, (most, most))
        run_command(words)
    status = os.waitpid(pid, 0)[1]
    said = os.pread(RESULT_DESCRIPTOR, MAX_DIAGNOSTICS, 0).decode(errors="replace")
    os.ftruncate(RESULT_DESCRIPTOR, 0)
    os.lseek(RESULT_DESCRIPTOR, 0, os.SEEK_SET)
    if status == 0:
        return
    if os.WIFSIGNALED(status):
        reason = _signal.strsignal(os.WTERMSIG(status))
        said = f"the compiler was ended by a signal: {reason}\n{said}"
    lines = [line for line in said.splitlines() if line.strip()]
    record("compile_error", "", "\n".join(lines[:MAX_LINES]))
    os._exit(1)


def hold(limits: Iterable[tuple[int, tuple[int, int]]]) -> None:
    """Hold this process, and what it starts, to the kernel's limits."""
    for which, pair in limits:
        resource.setrlimit(which, pair)


def run_command(words: list[bytes]) -> NoReturn:
    """Become the command; standard output is in place already."""
    for ignored in (_signal.SIGPIPE, _signal.SIGXFSZ):
        _signal.signal(ignored, _signal.SIG_DFL)
    try:
        os.execv(words[0], words)  # noqa: S606
    except OSError as error:
        record("toolchain_missing", "", f"{os.fsdecode(words[0])}: {error.strerror}")
    os._exit(1)


def record(status: str, text: str, detail: str, trace: bytes = b"") -> None:
    """Leave the outcome where the server finds it."""
    _write(_encoded(status, text, detail) + trace)


def _encoded(status: str, text: str, detail: str) -> bytes:
    return f"{status}\n{text}\n{detail}".encode("utf-8", "backslashreplace")


def _write(data: bytes) -> None:
    while data:
        data = data[os.write(RESULT_DESCRIPTOR, data) :]


def _leave(status: str, text: str, detail: str, tracer: Tracer | None) -> NoReturn:
    """End as an interpreter does, then record and be gone; no record says that all was well."""
    if status == "memory":
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    _end()
    if status == "ok" and not text and tracer is None:
        os._exit(0)
    try:
        record(status, text, detail, tracer.stop() if tracer else b"")
    except BaseException:
        os._exit(0 if status == "ok" else 1)
    os._exit(0)


def _end() -> None:
    """Threads, exit handlers, buffers."""
    if "threading" in sys.modules:
        _try(sys.modules["threading"], "_shutdown")
    _try(atexit, "_run_exitfuncs")
    _try(sys.stdout, "flush")
    if sys.stdout is not sys.__stdout__:
        _try(sys.__stdout__, "flush")


def _try(owner: Any, method: str) -> None:
    try:  # noqa: SIM105 - `suppress` writes to more pages
        getattr(owner, method)()
    except BaseException:  # noqa: S110 - a program may have broken any of these
        pass


def _message(error: BaseException) -> str:
    try:
        return str(error)[:MAX_DETAIL]
    except BaseException:
        return ""


def allow_depth() -> None:
    """Let the programs of this process get as deep as in an interpreter of their own.

    To be called as deep down as `run_python` or `run_group` will be.
    """
    depth = FRAMES + (1 if sys.version_info < (3, 12) else 0)  # a call through C counts as well
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None:
        depth, frame = depth + 1, frame.f_back
    sys.setrecursionlimit(RECURSION_LIMIT + depth)
