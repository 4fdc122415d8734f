"""Commands run in the contained fork server, one at a time, waited for."""

from __future__ import annotations

import select
from collections.abc import Mapping, Sequence

from codeoutpred.errors import ExecutionError
from codeoutpred.execution.sandbox import frames
from codeoutpred.execution.server import Reply, ServerProcess, Ticket
from codeoutpred.records import Limits


class Contained:
    """A fork server that this process alone uses."""

    def __init__(self, server: ServerProcess, hang_up: int) -> None:
        """Ends the process when the writer of the descriptor `hang_up` is gone."""
        self._server = server
        self._hang_up = hang_up
        server.wait_ready()

    def run(
        self,
        files: Mapping[str, bytes],
        command: Sequence[str],
        limits: Limits,
        stdin: bytes = b"",
    ) -> Reply:
        """Run a command in a folder of these files; the record is its standard error."""
        words = "\0".join(command).encode()
        request = frames.pack_request(
            frames.FILES, limits, frames.pack_files(dict(files)), b"", words
        )
        if stdin:
            request = frames.pack_request(frames.GIVEN, limits, stdin, b"0", b"") + request
        ticket = Ticket(request, limits, self._server.name)
        self._server.take(ticket)
        self._server.send()
        poller = select.poll()
        poller.register(self._server.replies, select.POLLIN)
        poller.register(self._hang_up, 0)
        while not ticket.done:
            woken = [descriptor for descriptor, _ in poller.poll()]
            if self._server.replies not in woken:
                raise SystemExit
            if not self._server.receive():
                raise ExecutionError("the fork server of the Rust server died")
        assert ticket.reply is not None
        return ticket.reply
