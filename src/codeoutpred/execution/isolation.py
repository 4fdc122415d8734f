"""Which isolation is to be had on this machine: found out by being hostile in a real server.

>>> find_isolation().level in LEVELS
True
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from codeoutpred.errors import ExecutionError, InvalidValueError
from codeoutpred.execution.pool import ServerPool
from codeoutpred.execution.probes import DONE, LIMITS, Probes
from codeoutpred.execution.sandbox.levels import LEVELS, Level
from codeoutpred.execution.server import Ticket
from codeoutpred.records import Execution, Program

TRUSTED_GENERATORS = frozenset({"drills", "synthetic"})
"""The library's own: what they write computes and prints, and nothing else."""
RISKS: dict[Level, str] = {
    "limits": "read your files, use the network and signal your processes",
    "none": "read your files, use the network, signal your processes and use up this machine",
}
PROBE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Isolation:
    """The best level that holds here, and a line for people on what keeps the better ones."""

    level: Level
    reason: str = ""


@lru_cache(maxsize=1)
def find_isolation() -> Isolation:
    """The isolation of this machine; found out once a process, in some tenths of a second."""
    reasons: list[str] = []
    for level in LEVELS[:-1]:
        hole = _hole(level)
        if not hole:
            return Isolation(level, "; ".join(reasons))
        reasons.append(hole)
    return Isolation(LEVELS[-1], "; ".join(reasons))


def refusal(program: Program, here: Isolation, allowed: Level) -> Execution | None:
    """An `Execution` that says why `program` is not run under the isolation `here`; None to run it.

    Programs of a generator of ours run under any isolation, others where it is as safe as
    `allowed` or safer.
    """
    if LEVELS.index(here.level) <= LEVELS.index(allowed):
        return None
    if program.generator in TRUSTED_GENERATORS:
        return None
    return Execution(
        status="infrastructure",
        isolation=here.level,
        detail=(
            f"not run: isolation here is {here.level!r}, by which a program could "
            f'{RISKS[here.level]}; allow_isolation="{here.level}" runs it all the same '
            f"(--allow-isolation {here.level} on the command line)"
            + (f" ({here.reason})" if here.reason else "")
        ),
    )


def known_level(name: str) -> Level:
    """The level of that name; `InvalidValueError` where there is none."""
    for level in LEVELS:
        if level == name:
            return level
    raise InvalidValueError(f"isolation {name!r} is none of {', '.join(LEVELS)}")


def _hole(level: Level) -> str:
    """A line on why `level` does not hold here; empty where it does."""
    pool = ServerPool(1, hash_seed=0, grace_seconds=PROBE_SECONDS, level=level)
    found: list[str] = []
    try:
        with Probes(level) as probes:
            for request in probes.requests():
                ticket = Ticket(request, LIMITS, "python")
                pool.submit(ticket)
                pool.wait(ticket)
                if ticket.reply is None:
                    return f"{level!r} does not hold: a program ended its server"
                *holes, last = ticket.reply.stdout.decode(errors="replace").splitlines() or [""]
                if last != DONE:
                    return f"{level!r} cannot be told to hold: a probe came to no end"
                found += holes
    except ExecutionError as error:
        return str(error)
    finally:
        pool.close()
    return f"{level!r} does not hold: programs can {', '.join(found)}" if found else ""
