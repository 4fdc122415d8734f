"""The server of Python: a warm interpreter that is forked once for every program.

    python -s -S -B sandbox/python.py FOLDER LEVEL < requests > replies

Children are forked by its zygote, and find all that is the same for many of them in place.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import os
import resource
import sys

TYPE_CHECKING = False  # see `warmth`
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from codeoutpred.execution.sandbox import child, clock, frames, large_pages, server
    from codeoutpred.execution.sandbox.confines import Confines
    from codeoutpred.execution.sandbox.processes import kill
    from codeoutpred.execution.sandbox.warmth import Warmth
    from codeoutpred.execution.sandbox.zygote import Zygote
else:
    import child
    import clock
    import frames
    import large_pages
    import server
    from processes import kill
    from warmth import Warmth
    from zygote import Zygote

PROGRAMS = (frames.SCRIPT, frames.CALL, frames.GROUP)
ATTEMPTS = 3
"""To have a child: what a program did to the zygote may come to light at the first."""


class PythonServer(server.Server):
    """Runs programs in children of its own warm interpreter, and commands as any server does."""

    def __init__(self, folder: str, requests: int, replies: int, confines: Confines) -> None:
        seed = int(os.environ["PYTHONHASHSEED"])
        self.main = sys.modules["__main__"]  # lest every child take it apart
        if seed:
            clock.shift(seed * clock.STEP)
        self.warmth = Warmth(seed)
        self.warmth.exercise(_try_out)
        super().__init__(folder, requests, replies, confines)
        self.jobs = confines.new_file("jobs")
        self.zygote: Zygote | None = None
        self.state: tuple[Any, ...] = ()
        """What the children of the zygote have in common: limits and a working folder."""

    def _run(self, kind: int, limits: list[Any], texts: list[bytes]) -> bytes:
        if self.warmth.load_for(texts[0]):
            self._end_zygote()
        return super()._run(kind, limits, texts)

    def _start(
        self,
        kind: int,
        texts: list[bytes],
        files: tuple[int | None, int, int],
        held: list[tuple[int, tuple[int, int]]],
        max_output: int,
        steps: int,
    ) -> int:
        if kind not in PROGRAMS:
            return super()._start(kind, texts, files, held, max_output, steps)
        source, output, result = files
        if source is not None:
            os.dup2(source, 0)
        os.dup2(output, 1)
        os.dup2(result, child.RESULT_DESCRIPTOR, inheritable=False)
        try:
            for _ in range(ATTEMPTS):
                if pid := self._zygote_for(held).fork((kind, texts, max_output, steps)):
                    return pid
                self._end_zygote()
        finally:
            if source is not None:
                os.dup2(2, 0)  # nothing to read
        raise SystemExit("no more processes are to be had")

    def _zygote_for(self, held: list[tuple[int, tuple[int, int]]]) -> Zygote:
        state = (held, self.working.made)
        processes = self.confines.processes
        if self.zygote is None or self.zygote.pid != processes.spared or self.state != state:
            self._end_zygote()
            self.state = state
            self.zygote = Zygote(self.jobs)
            self.zygote.start(self._prepare, self._become_program)
            processes.spared = self.zygote.pid
        return self.zygote

    def _end_zygote(self) -> None:
        if self.zygote is not None:
            kill(self.zygote.pid)
            self.confines.processes.spared = 0
            self.confines.processes.sweep()
            self.zygote.close()
            self.zygote = None

    def _prepare(self) -> None:
        """In the zygote, for all of its children."""
        os.chdir(self.working.path)
        _signal.signal(_signal.SIGINT, _signal.default_int_handler)
        held = dict(self.state[0])
        self.cpu = held.pop(resource.RLIMIT_CPU)  # the zygote's own time is not theirs
        child.hold(held.items())
        child.make_main()
        child.allow_depth()

    def _become_program(self, job: tuple[int, list[bytes], int, int]) -> NoReturn:
        kind, texts, max_output, steps = job
        try:
            server.be_alone()
            resource.setrlimit(resource.RLIMIT_CPU, self.cpu)
            if self.confines.narrows:
                self.confines.narrow(processes=False)
        except BaseException as error:
            child.record("infrastructure", "", f"{type(error).__name__}: {error}")
            os._exit(1)
        if kind == frames.GROUP:
            child.run_group(frames.unpack_group(texts[0]), max_output)
        text, entry, arguments = texts
        child.run_python(text, entry, arguments, max_output, steps)


def _try_out(source: bytes) -> None:
    child.make_main()
    child.evaluate(source, b"f", b"1", len(source), {})


if __name__ == "__main__":
    folder_of_ours = sys.path.pop(0)  # for the imports above, not for programs
    for name, module in list(sys.modules.items()):
        if name != "__main__" and (getattr(module, "__file__", None) or "").startswith(
            folder_of_ours
        ):
            del sys.modules[name]
    large_pages.enlarge()
    server.main(PythonServer)
