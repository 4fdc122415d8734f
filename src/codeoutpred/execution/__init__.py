"""`Program` -> `Execution`: programs run in contained processes, twice, and must agree.

with make_executor(load_plugins().languages) as executor:
    for execution in executor.run_many(jobs, limits=Limits(cpu_seconds=1)):
        print(execution.status, execution.stdout)
"""

from __future__ import annotations

from codeoutpred.execution.local import LocalExecutor
from codeoutpred.execution.outcomes import ISOLATION
from codeoutpred.execution.verified import VerifiedExecutor
from codeoutpred.hookspecs import LanguageRegistry

__all__ = ["LocalExecutor", "VerifiedExecutor", "isolation_level", "make_executor"]

HASH_SEEDS = (0, 1)


def make_executor(
    languages: LanguageRegistry, *, workers: int | None = None, verify: bool = True
) -> LocalExecutor | VerifiedExecutor:
    """An executor over `workers` cores (default: all that this process may use).

    With `verify`, every job runs in two servers of different hash seeds, and a difference makes
    it `nondeterministic`; without, each runs once. Close it, or use it in a `with` statement.
    """
    first = LocalExecutor(languages, workers=workers, hash_seed=HASH_SEEDS[0])
    if not verify:
        return first
    second = LocalExecutor(languages, workers=workers, hash_seed=HASH_SEEDS[1])
    return VerifiedExecutor(first, second, languages)


def isolation_level() -> str:
    """How programs are contained on this machine; `limits`: by limits on what they may use."""
    return ISOLATION
