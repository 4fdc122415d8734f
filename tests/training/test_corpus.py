"""The corpus of the embedded model: whole documents, and what of each is learnt."""

from __future__ import annotations

from itertools import islice

import pytest

pytest.importorskip("torch")
pytest.importorskip("trl")

from codeoutpred.models.tiny import build_tokenizer
from codeoutpred.training import corpus
from codeoutpred.training.corpus import Document, Stage, batches
from codeoutpred.training.pretraining import IGNORED, collate

pytestmark = pytest.mark.heavy

TOKENIZER = build_tokenizer()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "CHUNK", 40)
    stages = (
        Stage(end=1, levels=(1, 2), drills=0),
        Stage(end=2, levels=(1,), drills=30),
    )
    monkeypatch.setattr(corpus, "CURRICULUM", stages)


def learnt(document: Document) -> str:
    kept = [token for token, keep in zip(document.ids, document.learnt, strict=True) if keep]
    return TOKENIZER.decode(kept, skip_special_tokens=True)


@pytest.mark.usefixtures("small")
def test_of_a_program_its_trace_and_answer_are_learnt() -> None:
    for document in next(batches(TOKENIZER, 10**6)):
        text = TOKENIZER.decode(document.ids, skip_special_tokens=True)
        assert text.endswith("[/ANSWER]")
        assert text.split("[TRACE]\n", 1)[1] == learnt(document)
        assert document.ids[-1] == TOKENIZER.eos_token_id and document.learnt[-1]


@pytest.mark.usefixtures("small")
def test_no_program_of_another_split_is_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(corpus, "split_of", lambda text: asked.append(text) or "test")
    monkeypatch.setattr(corpus, "CURRICULUM", (Stage(end=1, levels=(1,), drills=1),))
    [only] = next(batches(TOKENIZER, 10**6))
    assert len(asked) == 40  # every program was looked at, and none was let through
    assert "[TRACE]" not in TOKENIZER.decode(only.ids)


@pytest.mark.usefixtures("small")
def test_of_a_drill_only_results_are_learnt() -> None:
    _, second = islice(batches(TOKENIZER, 10**6), 2)
    drills = [d for d in second if "[TRACE]" not in TOKENIZER.decode(d.ids)]
    assert len(drills) == 30
    for drill in drills:
        lines = TOKENIZER.decode(drill.ids).splitlines()
        assert len(lines) >= corpus.DRILL_STEPS
        results = learnt(drill).splitlines()
        assert len(results) == len(lines)
        assert all(line.endswith(result) for line, result in zip(lines, results))


@pytest.mark.usefixtures("small")
def test_the_corpus_is_the_same_every_time() -> None:
    assert next(batches(TOKENIZER, 512)) == next(batches(TOKENIZER, 512))


def test_padding_is_not_learnt() -> None:
    rows = [Document([5, 6, 7], [False, True, True]), Document([8], [True])]
    batch = collate(rows, pad=0)
    assert batch["input_ids"].shape == (2, 16)
    assert batch["labels"][0, :4].tolist() == [IGNORED, 6, 7, IGNORED]
    assert batch["labels"][1, :2].tolist() == [8, IGNORED]
