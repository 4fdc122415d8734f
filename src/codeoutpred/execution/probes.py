"""Hostile programs that find out what a server keeps from its programs: each hole has a name."""

from __future__ import annotations

import contextlib
import os
import socket
import tempfile
from pathlib import Path

from codeoutpred.execution.sandbox import frames
from codeoutpred.execution.sandbox.levels import Level
from codeoutpred.records import Limits

LIMITS = Limits(cpu_seconds=5, wall_seconds=20, memory_bytes=64 * 1024**2, processes=4)

DONE = "tried"
"""What a probe prints last: one that is cut short has found out nothing."""
UNUSED_PORT = 9
REACHES = """
import ctypes, os, socket
call = ctypes.CDLL(None, use_errno=True)
def check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
def connect():
    with socket.socket() as one:
        one.settimeout(1)
        one.connect(("127.0.0.1", {port}))
for name, act in {{
    "read files": lambda: open({key!r}).close(),
    "write files": lambda: open({key!r} + ".new", "w").close(),
    "use the network": connect,
    "see other processes": lambda: open("/proc/{pid}/cmdline").close(),
    "signal other processes": lambda: os.kill({pid}, 0),
    "trace processes": lambda: check(call.ptrace(0, 0, 0, 0)),
    "make namespaces": lambda: check(call.unshare(0x10000000)),
}}.items():
    try:
        act()
    except OSError:
        continue
    print(name)
"""

FORKS = """
import os, time
for number in range(32):
    try:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
    except OSError:
        break
else:
    print("start processes without a limit")
"""

FILLS = """
try:
    x = bytearray({0})
    print("fill memory without a limit")
except MemoryError:
    pass
"""


class Probes:
    """The probes of one level, and the things planted for them to find."""

    def __init__(self, level: Level) -> None:
        self._level = level

    def __enter__(self) -> Probes:
        self._folder = tempfile.TemporaryDirectory(prefix="probe-of-codeoutpred-")
        place = Path(self._folder.name)
        place.chmod(0o777)
        self._key = place / "key"
        self._key.write_text("secret")
        self._listener: socket.socket | None = None
        with contextlib.suppress(OSError):  # where we have no network, programs have none either
            self._listener = socket.create_server(("127.0.0.1", 0))
        return self

    def __exit__(self, *_: object) -> None:
        if self._listener:
            self._listener.close()
        self._folder.cleanup()

    def requests(self) -> list[bytes]:
        """Requests to a Python server, which prints a line for each hole it finds, then `DONE`."""
        port = self._listener.getsockname()[1] if self._listener else UNUSED_PORT
        reaches = REACHES.format(port=port, key=str(self._key), pid=os.getpid())
        sources = [FORKS, FILLS.format(2 * LIMITS.memory_bytes)]
        if self._level in ("full", "filtered"):
            sources.append(reaches)
        return [_request(source) for source in sources]


def _request(source: str) -> bytes:
    data = f"{source}\nprint({DONE!r})\n".encode()
    limits = LIMITS.to_dict().values()
    return frames.REQUEST.pack(frames.SCRIPT, *limits, len(data), 0, 0) + data
