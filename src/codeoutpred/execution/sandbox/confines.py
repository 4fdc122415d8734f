"""What a server knows of its own containment: entered here, and used for each program."""

from __future__ import annotations

import os
from collections.abc import Sequence

TYPE_CHECKING = False  # see `warmth`
if TYPE_CHECKING:
    from codeoutpred.execution.sandbox import containment
    from codeoutpred.execution.sandbox.identity import counts_by_namespace, tasks_of_this_user
    from codeoutpred.execution.sandbox.levels import Level
    from codeoutpred.execution.sandbox.processes import Processes
else:
    import containment
    from identity import counts_by_namespace, tasks_of_this_user
    from levels import Level
    from processes import Processes


class Confines:
    """The containment of this process, entered by making this. Raises OSError where it cannot be.

    Under `full`, a child of the caller goes on: threads, descriptors and locks are to be made
    afterwards.
    """

    def __init__(self, level: Level, folder: str, read: Sequence[str]) -> None:
        self.level = level
        self.narrows = level == "filtered"
        """Whether a program's own process has to be held to more."""
        user, tasks = os.getuid(), tasks_of_this_user()
        if level == "full":
            inside = containment.enter(level, folder, read=read)
            assert inside is not None
            self._outputs: int | None = inside.outputs
            self.processes = Processes(inside.processes)
            counted_anew = counts_by_namespace() or user == 0
            others: int | None = inside.tasks if counted_anew or tasks is None else tasks + 1
        else:
            self._outputs = None
            self.processes = Processes()  # the filtered cannot read /proc any more
            containment.enter(level, folder, read=read)
            others = tasks if os.getuid() == user else 1
        self._owns_files = os.getuid() == user
        self.other_tasks = others
        """Tasks that the kernel counts against a program's limit; None where it counts none."""

    def new_file(self, name: str) -> int:
        """A descriptor of an empty file in memory, which no program can reach by a path."""
        if self._outputs is None:
            return os.memfd_create(name)
        flags = os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC
        return os.open(".", flags, 0o600, dir_fd=self._outputs)

    def narrow(self, *, processes: bool) -> None:
        """In the child, before its program, which may start `processes` or may not."""
        containment.narrow(self.level, owns_files=self._owns_files, processes=processes)
