"""Servers over all cores: tickets in, replies out; dead and stuck servers are replaced.

The caller's own thread does the work while it waits for a reply; servers keep a window of requests
under way meanwhile, so that no thread competes with the caller for the interpreter.
"""

from __future__ import annotations

import os
import select
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterable

from codeoutpred.errors import ExecutionError
from codeoutpred.execution.folders import remove_left_behind
from codeoutpred.execution.sandbox.levels import Level
from codeoutpred.execution.server import ServerProcess, Ticket

LONGEST_WAIT = 1.0
"""Seconds between two looks at the watchdog."""

Kind = tuple[str, tuple[str, ...]]
"""The name of a server, and what its programs may read beside the usual."""


class ServerPool:
    """Up to `workers` servers of each kind, started when there is work for them.

    A server that neither takes nor gives for `grace_seconds` beyond the wall-clock limit of its
    first ticket is killed. The first ticket of a server that died is tried once more, alone.
    """

    def __init__(self, workers: int, *, hash_seed: int, grace_seconds: float, level: Level) -> None:
        self._workers = workers
        self._hash_seed = hash_seed
        self._grace = grace_seconds
        self._level = level
        self._servers: list[ServerProcess] = []
        self._waiting: defaultdict[Kind, deque[Ticket]] = defaultdict(deque)
        self._lock = threading.Lock()
        self._owner = os.getpid()
        self._closed = False
        remove_left_behind()

    def submit(self, ticket: Ticket) -> None:
        """Queue a ticket."""
        if self._closed or os.getpid() != self._owner:
            raise ExecutionError(
                "this executor is closed; make a new one"
                if self._closed
                else f"this executor belongs to process {self._owner}; make one in each process"
            )
        with self._lock:
            self._waiting[ticket.server, ticket.read].append(ticket)
            self._feed()

    def wait(self, ticket: Ticket) -> None:
        """Return when `ticket` is done."""
        while not ticket.done:
            with self._lock:
                if not ticket.done:
                    self._drain(LONGEST_WAIT)

    def drain(self) -> None:
        """Take what has come in, without waiting."""
        with self._lock:
            self._drain(0)

    def abandon(self, tickets: Iterable[Ticket]) -> None:
        """Forget tickets; servers that hold some are ended, and other tickets of theirs kept."""
        dropped = {id(ticket) for ticket in tickets if not ticket.done}
        if not dropped:
            return
        with self._lock:
            for server in list(self._servers):
                if any(id(ticket) in dropped for ticket in server.tickets):
                    self._remove(server)
            for kind, waiting in self._waiting.items():
                self._waiting[kind] = deque(t for t in waiting if id(t) not in dropped)
            if not self._closed:
                self._feed()

    def close(self) -> None:
        """End all servers."""
        with self._lock:
            self._closed = True
            for server in list(self._servers):
                self._remove(server)

    def _feed(self) -> None:
        for waiting in self._waiting.values():
            while waiting and (server := self._server_for(waiting[0])) is not None:
                server.send(waiting.popleft())

    def _server_for(self, ticket: Ticket) -> ServerProcess | None:
        """The least busy server with room; a new one while all are busy and cores are left."""
        kind = ticket.server, ticket.read
        alike = [server for server in self._servers if (server.name, server.read) == kind]
        server = min(alike, key=lambda server: len(server.tickets), default=None)
        if len(alike) < self._workers and (server is None or server.tickets):
            server = ServerProcess(ticket.server, self._hash_seed, self._level, read=ticket.read)
            self._servers.append(server)
            try:
                server.wait_ready()
            except BaseException:
                self._remove(server)
                raise
        return server if server is not None and server.has_room(ticket) else None

    def _drain(self, seconds: float) -> None:
        poller = select.poll()
        busy = {server.replies: server for server in self._servers if server.tickets}
        for descriptor in busy:
            poller.register(descriptor, select.POLLIN)
        for descriptor, _ in poller.poll(seconds * 1000):
            if not busy[descriptor].receive():
                self._lose(busy[descriptor])
        if seconds:
            now = time.monotonic()
            for server in busy.values():
                if server.tickets:
                    patience = server.tickets[0].wall_seconds + self._grace
                    if now - server.moved > patience:
                        self._lose(server)
        self._feed()

    def _lose(self, server: ServerProcess) -> None:
        """A server died or is stuck: its first ticket is the suspect."""
        if server.tickets:
            suspect = server.tickets[0]
            if suspect.alone:
                suspect.done = True
            suspect.alone = True
        server.kill()
        self._remove(server)

    def _remove(self, server: ServerProcess) -> None:
        """End a server; what it had not done waits again, in its old order."""
        if server in self._servers:
            self._servers.remove(server)
        server.end()
        self._waiting[server.name, server.read].extendleft(
            t for t in reversed(server.tickets) if not t.done
        )
        server.tickets.clear()
