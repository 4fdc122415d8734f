"""`Program` -> `Execution`: programs run in contained processes, twice, and must agree.

with make_executor(load_plugins().languages) as executor:
    for execution in executor.run_many(jobs, limits=Limits(cpu_seconds=1)):
        print(execution.status, execution.stdout)
"""

from __future__ import annotations

from collections.abc import Callable

from codeoutpred.errors import InvalidValueError
from codeoutpred.execution.backends import ClientExecutor
from codeoutpred.execution.clients import Bubblewrap, Client, Docker
from codeoutpred.execution.isolation import Isolation, find_isolation
from codeoutpred.execution.local import LocalExecutor
from codeoutpred.execution.verified import VerifiedExecutor
from codeoutpred.hookspecs import LanguageRegistry

__all__ = [
    "Bubblewrap",
    "Client",
    "ClientExecutor",
    "Docker",
    "Isolation",
    "LocalExecutor",
    "VerifiedExecutor",
    "find_isolation",
    "isolation_level",
    "make_executor",
]

HASH_SEEDS = (0, 1)
LOCAL = "local"
CLIENTS: dict[str, Callable[[], Client]] = {"bubblewrap": Bubblewrap, "docker": Docker}
"""The other backends, by name."""


def make_executor(
    languages: LanguageRegistry,
    *,
    workers: int | None = None,
    verify: bool = True,
    isolation: str | None = None,
    allow_isolation: str = "filtered",
    backend: str = LOCAL,
    mode: str = "solo",
) -> LocalExecutor | ClientExecutor | VerifiedExecutor:
    """An executor over `workers` cores (default: all that this process may use).

    With `verify`, every job runs in two servers of different hash seeds, and a difference makes
    it `nondeterministic`; without, each runs once. `isolation`, `allow_isolation` and `mode` are
    those of `LocalExecutor`, which is the `backend` unless `bubblewrap` or `docker` is asked for:
    these contain every program in a cold process, by their own command. Close it, or use it in a
    `with` statement.
    """
    if backend != LOCAL:
        if backend not in CLIENTS:
            raise InvalidValueError(
                f"backend {backend!r} is none of {', '.join((LOCAL, *CLIENTS))}"
            )
        if isolation is not None:
            raise InvalidValueError(
                f"isolation {isolation!r} is for the backend {LOCAL!r}; {backend!r} has its own"
            )

        if mode != "solo":
            raise InvalidValueError(
                f"mode {mode!r} is for the backend {LOCAL!r}; {backend!r} runs every job alone"
            )

    def make(hash_seed: int) -> LocalExecutor | ClientExecutor:
        if backend != LOCAL:
            return ClientExecutor(
                languages, CLIENTS[backend](), workers=workers, hash_seed=hash_seed
            )
        return LocalExecutor(
            languages,
            workers=workers,
            hash_seed=hash_seed,
            isolation=isolation,
            allow_isolation=allow_isolation,
            mode=mode,
        )

    first = make(HASH_SEEDS[0])
    return VerifiedExecutor(first, make(HASH_SEEDS[1]), languages) if verify else first


def isolation_level() -> str:
    """How programs are contained on this machine: `full`, `filtered`, `limits` or `none`."""
    return find_isolation().level
