"""How fast programs are looked up among those of CRUXEval, what is caught, and what is not.

Usage: bench_decontamination.py [PATH]: CRUXEval's JSON Lines file, by default the one beside the
repository. The ratio compares a look-up with the fingerprint that every program needs anyway.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "data"))

from renaming import disguised  # noqa: E402

from codeoutpred import load_plugins  # noqa: E402
from codeoutpred.data import load_decontamination, program_fingerprint  # noqa: E402
from codeoutpred.generation.synthetic import SyntheticGenerator  # noqa: E402

PROGRAMS = 10_000
HELPER = "def helper(q, z):\n    z += 3\n    return q * z + 1\n\n\n"


def main(path: Path) -> None:
    """Print the figures."""
    if not path.is_file():
        print(f"{path} is not here: nothing to measure against")
        return
    languages = load_plugins(use_entry_points=False).languages
    python = languages.get("python")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    began = time.process_time()
    marks = load_decontamination([str(path)], languages)
    assert marks is not None
    print(f"index of {len(rows)} items: {time.process_time() - began:.2f} s, once a build")

    def caught(sources: list[str]) -> int:
        return sum(bool(marks.find("python", program_fingerprint(python, s))) for s in sources)

    hidden = [disguised(row["code"]) for row in rows]
    print(f"caught, renamed and reformatted: {caught(hidden)} of {len(rows)}")
    inside = [f"{HELPER}{source}\n\n\nprint(helper(3, 4))\n" for source in hidden]
    print(f"caught, the same within a longer program: {caught(inside)}")
    answered = [marks.find("python", "", [(row["input"], row["output"])]) for row in rows]
    print(f"caught by input and output alone: {sum(map(bool, answered))}")

    programs = list(SyntheticGenerator().generate(count=PROGRAMS, seed=0))
    began = time.process_time()
    fingerprints = [program_fingerprint(python, program.source) for program in programs]
    written = time.process_time() - began
    began = time.process_time()
    found = [
        marks.find("python", fingerprint, [(c.arguments, c.expected) for c in program.cases])
        for fingerprint, program in zip(fingerprints, programs)
    ]
    looked_up = time.process_time() - began
    trees = {program_fingerprint(python, row["code"]) for row in rows}
    same = sum(fingerprint in trees for fingerprint in fingerprints)
    print(f"alarms on {PROGRAMS} synthetic programs: {sum(map(bool, found))}, ", end="")
    print(f"{same} of which have the very tree of an item")
    print(f"{'':32}{'seconds':>10}{'a second':>10}")
    print(f"{'fingerprints':32}{written:10.2f}{PROGRAMS / written:10.0f}")
    print(f"{'look-ups':32}{looked_up:10.2f}{PROGRAMS / looked_up:10.0f}")
    print(f"{'ratio of the seconds':32}{looked_up / written:10.2f}")


if __name__ == "__main__":
    main(
        Path(sys.argv[1])
        if len(sys.argv) > 1
        else ROOT.parent / "shared" / "data" / "cruxeval" / "cruxeval.jsonl"
    )
