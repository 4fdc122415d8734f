"""How many verdicts a second one core gives, against `ast.literal_eval` and `==`.

Usage: bench_verification.py [FOLDER]: CRUXEval's files, by default those beside the repository.
Processor time, medians of eleven rounds, in each of which both have their turn; the parsed answers
that are kept are dropped before each.
"""

from __future__ import annotations

import ast
import contextlib
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from codeoutpred import Prediction, Sample, load_plugins
from codeoutpred.evaluation.benchmarks import load_benchmark
from codeoutpred.verification import literals, value

ROUNDS = 11
Jobs = list[tuple[Sample, Prediction]]


def baseline(jobs: Jobs) -> None:
    """What a script would do: text to value on both sides, and `==`."""
    for sample, prediction in jobs:
        with contextlib.suppress(ValueError, SyntaxError):
            ast.literal_eval(sample.answer) == ast.literal_eval(prediction.answer or "")  # noqa: B015


def rate(run: Callable[[Jobs], object], jobs: Jobs) -> float:
    """Jobs a second."""
    literals.parse_again.cache_clear()
    began = time.process_time()
    run(jobs)
    return len(jobs) / (time.process_time() - began)


def main(folder: Path) -> None:
    """Print the figures."""
    if not folder.is_dir():
        print(f"{folder} is not here: nothing to measure")
        return
    languages = load_plugins(use_entry_points=False).languages
    rows = load_benchmark("cruxeval", folder / "cruxeval.jsonl", languages=languages)
    samples = {sample.id: sample for sample in rows}
    path = folder / "codellama-7b_temp0.2_output.generations.json"
    answers = json.loads(path.read_text(encoding="utf-8"))
    jobs = [
        (samples[name], Prediction(sample_id=name, text=text, answer=text))
        for name, texts in answers.items()
        for text in texts
    ]
    short = [job for job in jobs if len(job[0].answer) <= 20 and len(job[1].answer or "") <= 20]
    different = list(
        {(sample.id, given.answer): (sample, given) for sample, given in jobs}.values()
    )
    verifier = value.ValueVerifier(languages=languages)

    def verify(jobs: Jobs) -> None:
        for sample, prediction in jobs:
            verifier.verify(sample, prediction)

    print(f"{'answers':34}{'number':>8}{'verdicts/s':>12}{'literal_eval/s':>16}{'ratio':>8}")
    for title, chosen in (
        ("all", jobs),
        ("of at most 20 characters", short),
        ("each answer of a question once", different),
    ):
        rounds = [(rate(verify, chosen), rate(baseline, chosen)) for _ in range(ROUNDS)]
        ours, theirs = map(statistics.median, zip(*rounds))
        ratio = statistics.median(one / other for one, other in rounds)
        print(f"{title:34}{len(chosen):8}{ours:12.0f}{theirs:16.0f}{ratio:8.2f}")


if __name__ == "__main__":
    default = Path(__file__).parents[3] / "shared" / "data" / "cruxeval"
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
