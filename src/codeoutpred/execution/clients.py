"""Programs that contain others by command line: bubblewrap and Docker, and how they are called.

Each starts one of our servers inside, cold, for one program: what holds programs to their limits
is the same as everywhere.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from codeoutpred.execution.commands import SANDBOX, SERVERS
from codeoutpred.execution.sandbox.folder import ROOM
from codeoutpred.execution.sandbox.libraries import readable
from codeoutpred.records import Limits

INSIDE = "limits"
"""The level of the server: its containment is the client's."""
SPARE_BYTES = 256 * 1024**2
"""Memory beside the program's own: the server, and files in memory."""
SPARE_PROCESSES = 16
FOLDER, SCRIPTS = "/codeoutpred", "/codeoutpred-scripts"
"""Inside: the only folder that may be written to, and the server's own."""
NOBODY = 65534


class Client(Protocol):
    """Builds command lines that run one server each."""

    @property
    def name(self) -> str: ...
    @property
    def tool(self) -> str:
        """The command that must be on the search path."""
        ...

    @property
    def install_hint(self) -> str: ...
    @property
    def servers(self) -> tuple[str, ...]:
        """The names of the servers that it can start."""
        ...

    def command(
        self,
        server: str,
        run: str,
        environment: Mapping[str, str],
        limits: Limits,
        read: Sequence[str],
    ) -> list[str]:
        """The command line; `run` is a name of its own, and `read` is to be readable inside."""
        ...

    def kill_command(self, run: str) -> list[str]:
        """The command that ends what goes on after the client was killed; empty for none."""
        ...


@dataclass(frozen=True, slots=True)
class Bubblewrap:
    """`bwrap`: namespaces of its own, no network, a root with libraries and toolchains alone."""

    name: str = "bubblewrap"
    tool: str = "bwrap"
    install_hint: str = "apt-get install bubblewrap"
    servers: tuple[str, ...] = ("python", "javascript")

    def command(
        self,
        server: str,
        run: str,
        environment: Mapping[str, str],
        limits: Limits,
        read: Sequence[str],
    ) -> list[str]:
        """See `Client`."""
        inside = SERVERS[server](FOLDER, INSIDE)
        words = ["bwrap", "--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000"]
        words += ["--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"]
        for name, value in environment.items():
            words += ["--setenv", name, value]
        tools = [word for word in inside if word.startswith("/") and word != FOLDER]
        for path in readable([str(SANDBOX), *tools, *read]):
            if os.path.islink(path) and os.path.isdir(path):  # noqa: PTH112, PTH114
                words += ["--symlink", os.path.realpath(path), path]
            else:
                words += ["--ro-bind", path, path]
        words += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", FOLDER]
        return [*words, "--remount-ro", "/", "--chdir", "/", "--", *inside]

    def kill_command(self, run: str) -> list[str]:
        """None is needed: what runs inside dies with the client."""
        return []


@dataclass(frozen=True, slots=True)
class Docker:
    """`docker run`: a container of `image`, which must have `python3` and the toolchains asked for.

    No network, a read-only root, no capabilities, an ordinary user, bounded memory and processes.
    """

    image: str = "python:3.12-slim"
    name: str = "docker"
    tool: str = "docker"
    install_hint: str = "see docs.docker.com/engine/install"
    servers: tuple[str, ...] = ("python",)

    def command(
        self,
        server: str,
        run: str,
        environment: Mapping[str, str],
        limits: Limits,
        read: Sequence[str],
    ) -> list[str]:
        """See `Client`. `read` is looked up in the image, and not brought there."""
        memory = str(limits.memory_bytes + SPARE_BYTES)
        owner = f"uid={NOBODY},gid={NOBODY}"
        processes = str(limits.processes + SPARE_PROCESSES)
        words = ["docker", "run", "--rm", "--interactive", "--init", "--name", run]
        words += [
            "--network",
            "none",
            "--read-only",
            "--cap-drop",
            "ALL",
            "--user",
            f"{NOBODY}:{NOBODY}",
        ]
        words += ["--security-opt", "no-new-privileges", "--ipc", "none", "--cpus", "1"]
        words += ["--memory", memory, "--memory-swap", memory, "--pids-limit", processes]
        words += ["--tmpfs", f"{FOLDER}:rw,exec,nosuid,nodev,{owner},mode=700,size={ROOM}"]
        words += ["--volume", f"{SANDBOX}:{SCRIPTS}:ro", "--workdir", "/"]
        words += ["--entrypoint", "python3"]
        for name, value in environment.items():
            words += ["--env", f"{name}={value}"]
        return [
            *words,
            self.image,
            *("-s", "-S", "-B", f"{SCRIPTS}/python.py", FOLDER, INSIDE),
        ]

    def kill_command(self, run: str) -> list[str]:
        """End the container, which goes on without its client."""
        return ["docker", "kill", run]
