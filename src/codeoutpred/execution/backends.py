"""`ClientExecutor`: every program in a cold process that another tool contains.

Slower by far than `LocalExecutor`, for machines whose owners trust that tool more, or where its
containment is to be had and ours is not.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import threading
import uuid
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from codeoutpred.errors import ExecutionError, InvalidValueError
from codeoutpred.execution.clients import FOLDER, Client
from codeoutpred.execution.executor import DEFAULT_LIMITS, JobExecutor
from codeoutpred.execution.launch import Launcher
from codeoutpred.execution.outcomes import interpret
from codeoutpred.execution.sandbox import frames
from codeoutpred.execution.server import Reply, Ticket, server_environment
from codeoutpred.hookspecs import LanguageRegistry
from codeoutpred.records import Execution, Job, Limits

START_SECONDS = 30.0
"""What a client may take beside its program's own time."""
MAX_COMPLAINT = 300


class ClientExecutor(JobExecutor):
    """An `Executor` that calls `client` once for each program, `workers` at a time.

    `Execution.isolation` is the client's name. Raises `ExecutionError` where the client's command
    is not on the search path.
    """

    def __init__(
        self,
        languages: LanguageRegistry,
        client: Client,
        *,
        workers: int | None = None,
        hash_seed: int = 0,
    ) -> None:
        if workers is not None and workers < 1:
            raise InvalidValueError(f"workers is {workers}; it must be at least 1")
        if shutil.which(client.tool) is None:
            raise ExecutionError(f"{client.tool} is not on the search path; {client.install_hint}")
        self._client = client
        self._workers = workers or len(os.sched_getaffinity(0))
        self._environment = server_environment(FOLDER, hash_seed)
        self._launcher = Launcher(languages)
        self._threads = ThreadPoolExecutor(self._workers)
        self._lock = threading.Lock()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._closed = False

    def run_many(
        self, jobs: Iterable[Job], *, limits: Limits = DEFAULT_LIMITS
    ) -> Iterator[Execution]:
        """Run jobs as they come, concurrently; the results keep the order of the jobs."""
        ahead: deque[Future[Execution]] = deque()
        try:
            for job in jobs:
                ahead.append(self._submit(job, limits))
                if len(ahead) >= 2 * self._workers:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            for future in ahead:
                future.cancel()

    def close(self) -> None:
        """End what runs; the executor cannot be used afterwards."""
        with self._lock:
            self._closed = True
            running = list(self._running.items())
        for run, process in running:
            self._kill(run, process)
        self._threads.shutdown(cancel_futures=True)

    def _submit(self, job: Job, limits: Limits) -> Future[Execution]:
        if self._closed:
            raise ExecutionError("this executor is closed; make a new one")
        return self._threads.submit(self._execute, job, limits)

    def _execute(self, job: Job, limits: Limits) -> Execution:
        name = self._client.name
        started = self._launcher.start(job, limits)
        if isinstance(started, Execution):
            return started
        if started.server not in self._client.servers:
            detail = f"{name} does not run {job.program.language}, which has a server of its own"
            return Execution(status="toolchain_missing", detail=detail, isolation=name)
        answered, complaint = self._call(started, limits)
        reply = _read_reply(answered)
        if reply is None:
            words = complaint.decode(errors="replace").strip()[-MAX_COMPLAINT:]
            detail = f"{self._client.tool} gave no answer: {words or 'and no reason'}"
            return Execution(status="infrastructure", detail=detail, isolation=name)
        is_call = job.program.kind == "call"
        return interpret(reply, limits, name, is_call=is_call, trace_steps=job.trace_steps)

    def _call(self, ticket: Ticket, limits: Limits) -> tuple[bytes, bytes]:
        """What a client that is given one request writes to its two outputs."""
        run = f"codeoutpred-{uuid.uuid4().hex}"
        command = self._client.command(ticket.server, run, self._environment, limits, ticket.read)
        with tempfile.TemporaryFile() as complaints:
            with self._lock:
                if self._closed:
                    return b"", b"closed before it was started"
                process = self._running[run] = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=complaints,
                    start_new_session=True,  # the terminal's Ctrl-C is for us
                )
            seconds = limits.wall_seconds + START_SECONDS
            watchdog = threading.Timer(seconds, self._kill, (run, process))
            watchdog.start()
            try:
                answered = _converse(process, ticket.request)
            finally:
                watchdog.cancel()
                with self._lock:
                    del self._running[run]
            complaints.seek(0)
            return answered, complaints.read()

    def _kill(self, run: str, process: subprocess.Popen[bytes]) -> None:
        process.kill()  # whoever reads from it waits for it too
        if command := self._client.kill_command(run):
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                subprocess.run(command, capture_output=True, timeout=START_SECONDS, check=False)


def _converse(process: subprocess.Popen[bytes], request: bytes) -> bytes:
    """What the server writes until it has answered, or is gone."""
    assert process.stdin and process.stdout
    with process:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(request)
            process.stdin.flush()
        answered = b""
        while _read_reply(answered) is None and (
            chunk := os.read(process.stdout.fileno(), 1 << 20)
        ):
            answered += chunk
        # Now, and no sooner: the server ends its program when its requests end.
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        return answered


def _read_reply(answered: bytes) -> Reply | None:
    if not answered.startswith(frames.READY):
        return None
    frame = answered[len(frames.READY) :]
    if len(frame) < frames.REPLY.size:
        return None
    status, timed_out, cpu, printed, recorded = frames.REPLY.unpack_from(frame)
    texts = frame[frames.REPLY.size :]
    if len(texts) != printed + recorded:
        return None
    return Reply(status, timed_out, cpu, texts[:printed], texts[printed:])
