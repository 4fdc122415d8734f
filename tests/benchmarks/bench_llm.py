"""How near the language-model generator comes to the ideal rate, and what kills cost it.

Usage: bench_llm.py [REQUESTS], by default 1,600: with 32 under way against a local server that
answers in 200 ms. Then a dataset's worth of programs is killed at ten random moments.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from codeoutpred.generation.llm import LLMGenerator

SERVER = Path(__file__).parents[1] / "generation" / "llm" / "llm_server.py"
sys.path.insert(0, str(SERVER.parent))
from llm_server import Answering, serving  # noqa: E402

CONCURRENCY, LATENCY = 32, 0.2
PROGRAMS = 5
KILLS = 10
LONGEST_LIFE = 3.0
"""Seconds a process that is to be killed may work, from its first request on, at most."""

TAKE = """
import sys
from pathlib import Path
from codeoutpred.generation.llm import LLMGenerator

generator = LLMGenerator(
    model="toy", base_url=sys.argv[1], replies=Path(sys.argv[2]), concurrency=int(sys.argv[3])
)
for program in generator.generate(count=int(sys.argv[4]), seed=0):
    print(program.id, flush=True)
"""


def generator(url: str, folder: str) -> LLMGenerator:
    """A generator that asks the server at `url`."""
    return LLMGenerator(
        model="toy", base_url=url, replies=Path(folder, "r.jsonl"), concurrency=CONCURRENCY
    )


def rate(requests: int) -> None:
    """Print the rate beside the ideal one."""
    server = subprocess.Popen(
        [sys.executable, str(SERVER), str(LATENCY)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdin is not None and server.stdout is not None
    try:
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}/v1"
        with tempfile.TemporaryDirectory() as folder:
            list(generator(url, folder).generate(count=PROGRAMS, seed=1))  # imports
            began, used = time.perf_counter(), time.process_time()
            got = sum(1 for _ in generator(url, folder).generate(count=PROGRAMS * requests, seed=0))
            seconds, used = time.perf_counter() - began, time.process_time() - used
    finally:
        server.stdin.close()
        server.wait()
    assert got == PROGRAMS * requests
    ideal = CONCURRENCY / LATENCY
    print(
        f"{requests} requests, {CONCURRENCY} under way, each answered in {LATENCY} s, on ", end=""
    )
    print(f"{len(os.sched_getaffinity(0))} cores with a load of {os.getloadavg()[0]:.1f}")
    print(f"{'replies a second':44}{requests / seconds:10.1f}")
    print(f"{'ideal':44}{ideal:10.1f}")
    print(f"{'ratio':44}{requests / seconds / ideal:10.3f}")
    print(f"{'processor time a reply, ms':44}{1000 * used / requests:10.2f}")


def kills(requests: int) -> None:
    """Print what was paid twice, lost or doubled by SIGKILL at random moments."""
    rng = random.Random("bench_llm")
    with (
        serving(lambda body, before: Answering(delay=LATENCY)) as server,
        tempfile.TemporaryDirectory() as folder,
    ):
        path = Path(folder, "r.jsonl")
        for _ in range(KILLS):
            before = len(server.requests)
            arguments = (server.url, str(path), str(CONCURRENCY), str(PROGRAMS * requests))
            process = subprocess.Popen(
                [sys.executable, "-c", TAKE, *arguments], stdout=subprocess.DEVNULL
            )
            while len(server.requests) == before:
                time.sleep(0.01)
            time.sleep(rng.uniform(0, LONGEST_LIFE))
            assert process.poll() is None, "the process had ended: ask for more programs"
            process.send_signal(signal.SIGKILL)
            process.wait()
            time.sleep(2 * LATENCY)  # the server notices
        programs = list(generator(server.url, folder).generate(count=PROGRAMS * requests, seed=0))
        sent_again = len(server.keys) - len(set(server.keys))
        answered_before = len(server.repeated)
        lines = kept_keys(path)
        billed = server.billed
    ids = [program.id for program in programs]
    print(f"\n{KILLS} times SIGKILL at random moments, then to the end: {requests} requests")
    billed_twice = sum(number > 1 for number in billed.values())
    for what, number, twice in (
        ("replies kept, and kept twice", len(lines), len(lines) - len(set(lines))),
        ("replies billed, and billed twice", len(billed), billed_twice),
        ("programs, and programs twice", len(programs), len(programs) - len(set(ids))),
    ):
        print(f"{what:44}{number:10}{twice:8}")
    print(f"{'requests under way when killed, sent again':44}{sent_again:10}")
    print(f"{'  of these answered before they were kept':44}{answered_before:10}")


def kept_keys(path: Path) -> list[str]:
    """The keys of the whole lines of a file of replies."""
    if not path.exists():
        return []
    lines = path.read_bytes().splitlines(keepends=True)[1:]
    return [json.loads(line)["key"] for line in lines if line.endswith(b"\n")]


if __name__ == "__main__":
    rate(int(sys.argv[1]) if len(sys.argv) > 1 else 1_600)
    kills(3_000)
