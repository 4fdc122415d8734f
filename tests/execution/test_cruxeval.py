"""CRUXEval's 800 programs: every answer is the published one, to the letter, and none changes."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from execution_programs import call

from codeoutpred.execution import find_isolation, make_executor
from codeoutpred.hookspecs import LanguageRegistry
from codeoutpred.records import Job, Limits

DATA = Path(__file__).parents[2].parent / "shared/data/cruxeval/cruxeval.jsonl"
LIMITS = Limits(wall_seconds=60)


@pytest.mark.skipif(not DATA.exists(), reason="needs the data of CRUXEval")
def test_all_answers_are_those_published_and_none_is_nondeterministic(
    languages: LanguageRegistry,
) -> None:
    if find_isolation().level != "full":
        pytest.skip(find_isolation().reason)
    items = [json.loads(line) for line in DATA.read_text().splitlines()]
    jobs = [Job(program=call(item["code"]), arguments=item["input"]) for item in items]
    with make_executor(languages) as executor:
        done = list(executor.run_many(jobs, limits=LIMITS))
    assert Counter(execution.status for execution in done) == {"ok": 800}
    assert {execution.isolation for execution in done} == {"full"}
    published = [(item["id"], item["output"]) for item in items]
    assert [(item["id"], run.value) for item, run in zip(items, done, strict=True)] == published
