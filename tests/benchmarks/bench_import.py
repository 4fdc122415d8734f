"""How long `import codeoutpred` takes beside a bare interpreter, and what it loads."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 20
HEAVY = ("torch", "transformers", "trl", "peft", "datasets", "openai", "bitsandbytes", "pyarrow")
LOADED = "import sys, codeoutpred; print(*{name.partition('.')[0] for name in sys.modules})"


def seconds(code: str) -> float:
    """The wall-clock time of a fresh interpreter that runs the code."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - began


def main() -> None:
    """Print the table; both are run in turn, so that whatever else runs slows both."""
    bare, whole = [], []
    for _ in range(RUNS):
        bare.append(seconds("pass"))
        whole.append(seconds("import codeoutpred"))
    done = subprocess.run(
        [sys.executable, "-c", LOADED], check=True, capture_output=True, text=True
    )
    heavy = sorted({*done.stdout.split()} & {*HEAVY})
    print(f"{'':30}{'median s':>10}{'least s':>10}")
    for name, times in (("python -c pass", bare), ("import codeoutpred", whole)):
        print(f"{name:30}{statistics.median(times):10.3f}{min(times):10.3f}")
    print(f"{'ratio':30}{statistics.median(whole) / statistics.median(bare):10.2f}")
    extra = statistics.median(whole) - statistics.median(bare)
    print(f"{'the import alone':30}{extra:10.3f}{min(whole) - min(bare):10.3f}")
    print(f"heavy libraries loaded: {', '.join(heavy) or 'none'}")


if __name__ == "__main__":
    main()
